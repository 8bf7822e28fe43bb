package dev.countersign.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestMailServer;
import dev.countersign.TestTls;
import dev.countersign.notify.Notifier.Channel.Mail.Tls;
import dev.countersign.source.Secrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How mails get to a server.
final class MailSenderTest {
    @TempDir
    Path folder;

    private SSLContext tls;

    @BeforeEach
    void prepare() throws Exception {
        tls = TestTls.of(folder, "localhost");
        Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(folder.resolve("secrets/smtp"), "correct horse\n");
    }

    private Result send(TestMailServer server, String host, Tls how, String user) {
        var by = new Notifier.Channel.Mail(
                host,
                server.port(),
                how,
                user,
                user.isEmpty() ? Optional.empty() : Optional.of("secrets/smtp"),
                "countersign@example.com",
                Map.of());
        var mail = new MailSender.Mail(
                "bo@example.com",
                "thread",
                Event.REQUEST_PENDING,
                new Words("Bot asks for: a thing", List.of("Risk: high"), ""),
                "https://auth.example.com/requests/1",
                Instant.parse("2026-06-01T10:00:00Z"));
        try (var sender = new MailSender(new Secrets(folder), "https://auth.example.com", tls::getSocketFactory)) {
            return sender.send(by, mail).join();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTTLS", "IMPLICIT"})
    void it_is_encrypted_before_a_password_or_a_mail_is_said(Tls how) {
        try (var server = new TestMailServer(Optional.of(tls), how == Tls.IMPLICIT)) {
            assertThat(send(server, "localhost", how, "countersign")).isEqualTo(new Result.Told(""));
            var mail = server.taken().getFirst();
            assertThat(mail.encrypted()).isTrue();
            assertThat(mail.user()).isEqualTo("countersign:correct horse");
            assertThat(mail.header("Message-ID")).isEqualTo("<thread@auth.example.com>");
        }
    }

    @Test
    void a_server_that_encrypts_nothing_is_told_nothing() {
        try (var server = new TestMailServer()) {
            assertThat(send(server, "localhost", Tls.STARTTLS, "countersign")).isInstanceOf(Result.Failed.class);
            assertThat(server.taken()).isEmpty();
        }
    }

    @Test
    void a_server_that_cannot_prove_its_name_is_told_nothing() {
        try (var server = new TestMailServer(Optional.of(tls), true)) {
            assertThat(send(server, "127.0.0.1", Tls.IMPLICIT, "")).isInstanceOf(Result.Failed.class);
            assertThat(server.taken()).isEmpty();
        }
    }

    @Test
    void a_password_that_is_refused_or_missing_is_told_and_not_shown() throws Exception {
        try (var server = new TestMailServer(Optional.of(tls), false)) {
            assertThat(send(server, "localhost", Tls.STARTTLS, "somebody"))
                    .isEqualTo(new Result.Failed("refused the user or the password"));
            Files.delete(folder.resolve("secrets/smtp"));
            assertThat(send(server, "localhost", Tls.STARTTLS, "countersign"))
                    .isEqualTo(new Result.Failed("was told nothing, since secrets/smtp holds no password"));
            assertThat(server.taken()).isEmpty();
        }
    }
}
