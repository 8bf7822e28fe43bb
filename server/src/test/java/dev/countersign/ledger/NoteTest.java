package dev.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.util.List;
import org.junit.jupiter.api.Test;

/// C2SP signed-note, tlog-checkpoint and the paths of tlog-tiles.
final class NoteTest {
    // The note and the key that Go's golang.org/x/mod/sumdb/note documents.
    private static final String VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private static final String NOTE = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
            """;

    @Test
    void a_note_signed_elsewhere_verifies() {
        var key = NoteKey.parse(VKEY);
        assertThat(key).hasToString(VKEY);
        assertThat(note(NOTE).verify(List.of(key))).isEqualTo(Note.Verdict.SIGNED);
        assertThat(note(NOTE.replace("answer", "Answer")).verify(List.of(key))).isEqualTo(Note.Verdict.FALSIFIED);
    }

    @Test
    void signatures_of_unknown_keys_are_passed_over_and_of_known_keys_must_hold() throws Exception {
        var one = signer("auth.example.com");
        var two = signer("auth.example.com");
        var note = Checkpoint.sign("auth.example.com", 0, Merkle.EMPTY_ROOT, List.of(one, two));
        assertThat(note.isSignedBy(List.of(one.key()))).isTrue();
        assertThat(note.isSignedBy(List.of(two.key()))).isTrue();
        assertThat(note.isSignedBy(List.of(signer("auth.example.com").key()))).isFalse();
        assertThat(note.isSignedBy(List.of())).isFalse();

        var other = Checkpoint.sign("auth.example.com", 1, Merkle.EMPTY_ROOT, List.of(one));
        var falseLine = other.note().substring(other.note().indexOf("— "));
        var spoiled = Checkpoint.parse(Checkpoint.sign("auth.example.com", 0, Merkle.EMPTY_ROOT, List.of(two))
                        .note()
                + falseLine);
        assertThat(spoiled.isSignedBy(List.of(two.key()))).isTrue();
        assertThat(spoiled.isSignedBy(List.of(one.key(), two.key()))).isFalse();
    }

    @Test
    void what_is_no_note_is_refused() {
        for (var wrong : List.of(
                "",
                "text\n",
                "text\n\n",
                "text\n\n— name\n",
                "text\n\n- name AAAAAAAA\n",
                "text\n\n— na+me AAAAAAAA\n",
                "text\n\n— name AAAAAA==\n",
                "text\n\n— name AAAAAAB=\n",
                "text\n\n— name AAAAAAAA",
                "te\txt\n\n— name AAAAAAAA\n")) {
            assertThatThrownBy(() -> note(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> NoteKey.parse(VKEY.replace("c74f", "c74e")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_is_no_checkpoint_is_refused() {
        var root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        var line = "\n\n— name AAAAAAAA\n";
        assertThat(Checkpoint.parse("origin\n0\n" + root + line).size()).isZero();
        for (var wrong : List.of(
                "\n0\n" + root,
                "origin\n00\n" + root,
                "origin\n-1\n" + root,
                "origin\n0\n" + root.replace("U=", "V="),
                "origin\n0\nAAAA",
                "origin\n0\n" + root + "\nextension",
                "origin\n0")) {
            assertThatThrownBy(() -> Checkpoint.parse(wrong + line))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void tiles_have_the_paths_of_the_standard() {
        assertThat(new TilePath(0, 1_234_067, 256)).hasToString("tile/0/x001/x234/067");
        assertThat(new TilePath(0, 273, 112)).hasToString("tile/0/273.p/112");
        assertThat(new TilePath(TilePath.ENTRIES, 1_067, 256)).hasToString("tile/entries/x001/067");
        for (var path : List.of("tile/0/x001/x234/067", "tile/63/000.p/1", "tile/entries/x001/067")) {
            assertThat(TilePath.parse(path))
                    .hasValueSatisfying(tile -> assertThat(tile).hasToString(path));
        }
        for (var wrong : List.of(
                "tile/0/67",
                "tile/0/x000/067",
                "tile/64/000",
                "tile/00/000",
                "tile/0/000.p/256",
                "tile/0/000.p/0",
                "tile/0/001/002",
                "tile/0/000/",
                "../tile/0/000",
                "tile/-1/000")) {
            assertThat(TilePath.parse(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void a_tree_of_seventy_thousand_has_the_tiles_of_the_standards_example() {
        assertThat(TilePath.ofLevel(0, 0, 70_000)).hasSize(274);
        assertThat(TilePath.partials(70_000).stream().map(TilePath::toString))
                .containsExactly("tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/273.p/112");
    }

    private static Note note(String text) {
        return Note.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static NoteSigner signer(String name) throws Exception {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        return new NoteSigner(NoteKey.of(name, pair.getPublic()), pair.getPrivate());
    }
}
