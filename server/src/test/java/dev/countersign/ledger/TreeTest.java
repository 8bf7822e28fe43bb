package dev.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// RFC 6962 §2.1: the tree, and all its proofs in all sizes up to some hundreds.
@OneStore
final class TreeTest {
    private static final int LARGEST = 600;

    // The eight leaves that the reference implementation of Certificate Transparency is tested with, and their roots.
    private static final List<String> LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");
    private static final List<String> ROOTS = List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @Test
    void the_known_trees_have_their_known_roots() {
        assertThat(hex(Frontier.EMPTY.root()))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        var tree = Frontier.EMPTY;
        for (int i = 0; i < LEAVES.size(); i++) {
            tree = tree.append(Merkle.leafHash(HexFormat.of().parseHex(LEAVES.get(i))));
            assertThat(hex(tree.root())).as("root of %d", i + 1).isEqualTo(ROOTS.get(i));
        }
    }

    @Test
    void the_known_inclusion_and_consistency_proofs_come_out() {
        var nodes = nodes(LEAVES.stream()
                .map(leaf -> Merkle.leafHash(HexFormat.of().parseHex(leaf)))
                .toList());
        assertThat(nodes.inclusion(5, 8).stream().map(TreeTest::hex))
                .containsExactly(
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertThat(nodes.consistency(6, 8).stream().map(TreeTest::hex))
                .containsExactly(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    }

    @Test
    void every_leaf_of_every_tree_is_proven_and_no_other() {
        var hashes = hashes();
        var nodes = nodes(hashes);
        for (int size = 1; size <= LARGEST; size += size < 40 ? 1 : 53) {
            var root = nodes.root(size);
            for (int index = 0; index < size; index++) {
                var path = nodes.inclusion(index, size);
                assertThat(Proofs.includes(hashes.get(index), index, size, path, root))
                        .isTrue();
                assertThat(Proofs.includes(hashes.get((index + 1) % LARGEST), index, size, path, root))
                        .isFalse();
                assertThat(Proofs.includes(hashes.get(index), index + 1, size, path, root))
                        .isFalse();
                assertThat(Proofs.includes(hashes.get(index), index, size, longer(path), root))
                        .isFalse();
                if (!path.isEmpty()) {
                    assertThat(Proofs.includes(hashes.get(index), index, size, shorter(path), root))
                            .isFalse();
                    assertThat(Proofs.includes(hashes.get(index), index, size, flipped(path), root))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void every_tree_is_proven_the_beginning_of_every_larger_one() {
        var nodes = nodes(hashes());
        for (int newer = 0; newer <= LARGEST; newer += newer < 40 ? 1 : 53) {
            var root = nodes.root(newer);
            for (int older = 0; older <= newer; older++) {
                var oldRoot = nodes.root(older);
                var proof = nodes.consistency(older, newer);
                assertThat(Proofs.consistent(older, oldRoot, newer, root, proof))
                        .as("%d in %d", older, newer)
                        .isTrue();
                assertThat(Proofs.consistent(older, other(oldRoot), newer, root, proof))
                        .isFalse();
                assertThat(Proofs.consistent(older, oldRoot, newer, root, longer(proof)))
                        .isFalse();
                if (older > 0 && older < newer) {
                    assertThat(Proofs.consistent(older, oldRoot, newer, other(root), proof))
                            .isFalse();
                    assertThat(Proofs.consistent(older, oldRoot, newer, root, shorter(proof)))
                            .isFalse();
                    assertThat(Proofs.consistent(older, oldRoot, newer, root, flipped(proof)))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void the_right_edge_read_back_is_the_one_that_was_grown() {
        var hashes = hashes();
        var nodes = nodes(hashes);
        var grown = Frontier.EMPTY;
        for (int size = 0; size <= LARGEST; size++) {
            assertThat(hex(grown.root())).isEqualTo(hex(nodes.root(size)));
            assertThat(Frontier.of(size, nodes).peaks().stream().map(TreeTest::hex))
                    .containsExactlyElementsOf(
                            grown.peaks().stream().map(TreeTest::hex).toList());
            if (size < LARGEST) {
                grown = grown.append(hashes.get(size));
            }
        }
    }

    @Test
    void a_node_out_of_tiles_is_the_node_of_the_leaves() {
        var hashes = hashes();
        var plain = nodes(hashes);
        for (int level = 0; level <= 9; level++) {
            for (long index = 0; (index + 1) << level <= LARGEST; index++) {
                var fromTiles = Tiles.inTile(level, index, LARGEST, tile -> tileOf(plain, tile));
                assertThat(hex(fromTiles)).isEqualTo(hex(plain.node(level, index)));
            }
        }
    }

    private static byte[] tileOf(Nodes nodes, TilePath tile) {
        var all = new ArrayList<byte[]>();
        for (int i = 0; i < tile.width(); i++) {
            all.add(nodes.node(8 * tile.level(), tile.number() * TilePath.FULL + i));
        }
        return Entries.concatenate(all);
    }

    private static List<byte[]> hashes() {
        return Stream.iterate(0, i -> i + 1)
                .limit(LARGEST)
                .map(i -> Merkle.leafHash(("leaf " + i).getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static Nodes nodes(List<byte[]> hashes) {
        return new Nodes() {
            @Override
            public byte[] node(int level, long index) {
                return level == 0
                        ? hashes.get((int) index)
                        : Merkle.nodeHash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
            }
        };
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] other(byte[] hash) {
        var other = hash.clone();
        other[7] ^= 4;
        return other;
    }

    private static List<byte[]> flipped(List<byte[]> path) {
        var flipped = new ArrayList<>(path);
        flipped.set(path.size() / 2, other(path.get(path.size() / 2)));
        return flipped;
    }

    private static List<byte[]> longer(List<byte[]> path) {
        var longer = new ArrayList<>(path);
        longer.add(Arrays.copyOf(Merkle.EMPTY_ROOT, 32));
        return longer;
    }

    private static List<byte[]> shorter(List<byte[]> path) {
        return path.subList(0, path.size() - 1);
    }
}
