package dev.countersign.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.oauth.Sha256;
import dev.countersign.outward.Reach;
import dev.countersign.source.Secrets;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;

/// Mails by SMTP, RFC 5321, one to each person: what a request is about and a link, as text and as HTML.
///
/// The name of a mail, its `Message-ID`, is the same however often it is sent, and that of what became of the
/// request refers to it, so that both stand in one thread. What is not encrypted does not leave the machine.
public final class MailSender implements AutoCloseable {
    private static final int AT_ONCE = 32;
    private static final Duration EACH = Duration.ofSeconds(10);

    /// For all of it; a server that is slow all along is not waited for any longer.
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final Secrets secrets;
    private final String issuer;
    private final Supplier<SSLSocketFactory> tls;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(AT_ONCE),
            Thread.ofPlatform().daemon().name("mail-", 0).factory());

    public MailSender(Secrets secrets, String issuer) {
        this(secrets, issuer, () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /// @param tls what proves mail servers; not made before one is asked
    public MailSender(Secrets secrets, String issuer, Supplier<SSLSocketFactory> tls) {
        this.secrets = secrets;
        this.issuer = issuer;
        this.tls = tls;
        threads.allowCoreThreadTimeOut(true);
    }

    /// What a mail says, and to whom.
    ///
    /// @param thread what all mails to that person about that request have in common
    /// @param event that they wait, which the first of them is about, or what became of it
    record Mail(String to, String thread, Event event, Words words, String url, Instant at) {
        boolean first() {
            return event.begins();
        }

        /// What tells it from the others of its thread: people may cause several of some.
        String name() {
            return event.recurs() ? event.word() + "." + at.toEpochMilli() : event.word();
        }
    }

    /// What the mails to one person about one request have in common, and nobody can tell either from.
    static String thread(Message message) {
        var hash = Sha256.ofAll("countersign-mail/v1", message.notifier(), message.request(), message.recipient());
        return hash.substring(0, 27);
    }

    /// Sends once. What comes back is there within a minute.
    CompletableFuture<Result> send(Notifier.Channel.Mail by, Mail mail) {
        var result = new CompletableFuture<Result>();
        try {
            threads.execute(() -> result.complete(sent(by, mail)));
        } catch (RejectedExecutionException _) {
            result.complete(new Result.Failed("was not told, since this node mails too much at once"));
        }
        return result.completeOnTimeout(
                new Result.Failed("did not take a mail in time"), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Result sent(Notifier.Channel.Mail by, Mail mail) {
        try {
            if (!mayBeReached(by)) {
                return new Result.Failed("is at an address that is never asked");
            }
            var password = by.password().flatMap(secrets::read);
            if (by.password().isPresent() && password.isEmpty()) {
                return new Result.Failed(
                        "was told nothing, since " + by.password().get() + " holds no password");
            }
            var session = Session.getInstance(properties(by));
            try (var transport = session.getTransport("smtp")) {
                if (password.isPresent()) {
                    transport.connect(by.host(), by.port(), by.user(), password.get());
                } else {
                    transport.connect(by.host(), by.port(), null, null);
                }
                var message = message(session, by, mail);
                transport.sendMessage(message, message.getAllRecipients());
            }
            return new Result.Told("");
        } catch (AuthenticationFailedException _) {
            return new Result.Failed("refused the user or the password");
        } catch (SendFailedException failed) {
            return refused(failed);
        } catch (MessagingException | IOException _) {
            // What a server says may hold an address, and stays out of the log.
            return new Result.Failed("could not be reached, or broke off");
        }
    }

    /// RFC 5321 §4.2.1: 5yz is for good.
    private static Result refused(SendFailedException failed) {
        for (Throwable it = failed;
                it != null;
                it = it instanceof MessagingException next ? next.getNextException() : null) {
            int code = it instanceof SMTPSendFailedException said
                    ? said.getReturnCode()
                    : it instanceof SMTPAddressFailedException said ? said.getReturnCode() : 0;
            if (code >= 500) {
                return new Result.Refused("refused a mail for good (" + code + ")");
            }
        }
        return new Result.Failed("did not take a mail for now");
    }

    private static boolean mayBeReached(Notifier.Channel.Mail by) throws IOException {
        for (var address : InetAddress.getAllByName(by.host())) {
            boolean encrypted = by.tls() != Notifier.Channel.Mail.Tls.NONE;
            if (!Reach.OPERATOR.allows(address) || !(encrypted || address.isLoopbackAddress())) {
                return false;
            }
        }
        return true;
    }

    private Properties properties(Notifier.Channel.Mail by) {
        var properties = new Properties();
        for (var timeout : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.put("mail.smtp." + timeout, Long.toString(EACH.toMillis()));
        }
        properties.put("mail.smtp.auth", Boolean.toString(by.password().isPresent()));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
        properties.put("mail.smtp.ssl.socketFactory", tls.get());
        properties.put("mail.smtp.from", by.sender());
        properties.put("mail.smtp.sendpartial", "false");
        properties.put("mail.mime.allowutf8", "false");
        switch (by.tls()) {
            case STARTTLS -> {
                properties.put("mail.smtp.starttls.enable", "true");
                properties.put("mail.smtp.starttls.required", "true");
            }
            case IMPLICIT -> properties.put("mail.smtp.ssl.enable", "true");
            case NONE -> properties.put("mail.smtp.starttls.enable", "false");
        }
        return properties;
    }

    private MimeMessage message(Session session, Notifier.Channel.Mail by, Mail mail) throws MessagingException {
        var host = URI.create(issuer).getHost();
        var first = "<" + mail.thread() + "@" + host + ">";
        var id = mail.first() ? first : "<" + mail.thread() + "." + mail.name() + "@" + host + ">";
        var message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", id);
            }
        };
        message.setFrom(new InternetAddress(by.sender(), true));
        message.setRecipient(RecipientType.TO, new InternetAddress(mail.to(), true));
        var reminds = mail.event().reminds();
        message.setSubject(
                (mail.first() ? "" : "Re: ")
                        + (mail.event() == Event.REQUEST_REASSIGNED
                                ? "Handed on to you: "
                                : reminds ? "Still waits: " : "")
                        + mail.words().title(),
                UTF_8.name());
        message.setSentDate(Date.from(mail.at()));
        // RFC 3834 §5: nobody answers that they are away.
        message.setHeader("Auto-Submitted", "auto-generated");
        if (!mail.first()) {
            message.setHeader("In-Reply-To", first);
            message.setHeader("References", first);
        }
        var text = new MimeBodyPart();
        text.setText(text(mail), UTF_8.name(), "plain");
        var html = new MimeBodyPart();
        html.setText(html(mail), UTF_8.name(), "html");
        message.setContent(new MimeMultipart("alternative", text, html));
        message.saveChanges();
        return message;
    }

    private static String text(Mail mail) {
        var words = mail.words();
        return words.title() + "\n\n"
                + (words.state().isEmpty() ? "" : words.state() + ".\n\n")
                + String.join("\n", words.lines())
                + "\n\n" + (words.state().isEmpty() ? "Review and sign: " : "Look at it: ") + mail.url() + "\n";
    }

    private static String html(Mail mail) {
        var words = mail.words();
        var html = new StringBuilder("<!DOCTYPE html><html lang=\"en\"><body><p><strong>")
                .append(escaped(words.title()))
                .append("</strong></p>");
        if (!words.state().isEmpty()) {
            html.append("<p>").append(escaped(words.state())).append(".</p>");
        }
        html.append("<ul>");
        words.lines().forEach(it -> html.append("<li>").append(escaped(it)).append("</li>"));
        return html.append("</ul><p><a href=\"")
                .append(escaped(mail.url()))
                .append("\">")
                .append(words.state().isEmpty() ? "Review and sign" : "Look at it")
                .append("</a></p></body></html>")
                .toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /// What still is sent is not waited for.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
