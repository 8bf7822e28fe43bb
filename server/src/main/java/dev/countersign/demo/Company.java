package dev.countersign.demo;

import dev.countersign.people.PasswordHash;
import dev.countersign.store.Ids;
import dev.countersign.store.MasterKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The configuration folder of Fernhill, a made-up shop, with fresh passwords and secrets. The files are resources of
/// ours, in which `@PASSWORD:user@` and `@SECRET:client@` stand for hashes.
final class Company {
    private static final List<String> FILES = List.of(
            "countersign.yaml", "people.yaml", "resources.yaml", "refund.schema.json", "clients.yaml", "policies.yaml");
    private static final Pattern HASH = Pattern.compile("@(PASSWORD|SECRET):([a-z0-9-]+)@");
    /// For how many days more there is something that is observed only.
    private static final int OBSERVED_DAYS = 45;

    private static final int PASSWORD_BYTES = 9;
    private static final int SECRET_BYTES = 32;

    private final Map<String, String> passwords = new LinkedHashMap<>();
    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final String masterKey = MasterKey.generate();

    private Company() {}

    /// A company that was never before.
    ///
    /// @param listen where the server listens, as HOST:PORT
    /// @param today the day on which its demo begins
    static Company of(String issuer, String listen, LocalDate today) throws IOException {
        var company = new Company();
        for (var name : FILES) {
            var text = resource(name)
                    .replace("@ISSUER@", issuer)
                    .replace("@LISTEN@", listen)
                    .replace("@OBSERVED@", today.plusDays(OBSERVED_DAYS).toString())
                    .replace("@LAST_YEAR@", Integer.toString(today.getYear() - 1))
                    .replace("@NEXT_YEAR@", Integer.toString(today.getYear() + 1))
                    .replace("@YEAR@", Integer.toString(today.getYear()));
            company.files.put(name, company.hashed(text));
        }
        return company;
    }

    /// Writes a folder, which is not there yet.
    ///
    /// @param texts of its files, by name
    void write(Path folder, Map<String, String> texts) throws IOException {
        Files.createDirectories(folder);
        DemoFile.Secrets.write(folder.resolve("master.key"), masterKey + "\n");
        for (var file : texts.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue(), StandardOpenOption.CREATE_NEW);
        }
    }

    /// The texts of its configuration, by file name.
    Map<String, String> files() {
        return files;
    }

    /// The generated passwords, by user.
    Map<String, String> passwords() {
        return passwords;
    }

    /// The generated secrets, by client; a second one of a client by a name of its own.
    Map<String, String> secrets() {
        return secrets;
    }

    private String hashed(String text) {
        return HASH.matcher(text).replaceAll(found -> Matcher.quoteReplacement(hash(found.group(1), found.group(2))));
    }

    private String hash(String kind, String of) {
        if (kind.equals("PASSWORD")) {
            var password = passwords.computeIfAbsent(of, _ -> Ids.secret(PASSWORD_BYTES));
            return PasswordHash.of(password).text();
        }
        return "sha256:" + sha256(secrets.computeIfAbsent(of, _ -> Ids.secret(SECRET_BYTES)));
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(Company.class.getResourceAsStream("/demo/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
