package dev.countersign;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A mail server on loopback: RFC 5321 as far as a client of ours speaks it, with STARTTLS (RFC 3207) and AUTH
/// PLAIN (RFC 4954) where a test wants them. What is out of order is refused.
public final class TestMailServer implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("(?i)(?:MAIL FROM|RCPT TO):<([^>]*)>.*");

    private final ServerSocket listening;
    private final Optional<SSLContext> tls;
    private final boolean implicit;
    private final List<Mail> taken = new CopyOnWriteArrayList<>();
    private volatile UnaryOperator<String> toRecipient = _ -> "250 yes";

    /// A mail that was taken.
    ///
    /// @param user who signed in as `user:password`; empty when nobody did
    public record Mail(String from, List<String> to, String data, boolean encrypted, String user) {
        /// A header, unfolded.
        public String header(String name) {
            var head = data.substring(0, data.indexOf("\r\n\r\n")).replaceAll("\r\n[ \t]+", " ");
            var found = Pattern.compile("(?im)^" + name + ": (.*?)\r?$").matcher(head);
            return found.find() ? found.group(1) : "";
        }
    }

    /// One that knows nothing of TLS.
    public TestMailServer() {
        this(Optional.empty(), false);
    }

    /// @param implicit whether it speaks TLS from the first byte on
    public TestMailServer(Optional<SSLContext> tls, boolean implicit) {
        this.tls = tls;
        this.implicit = implicit;
        try {
            this.listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("test-mail").start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    public List<Mail> taken() {
        return List.copyOf(taken);
    }

    /// What it says to a recipient from now on, by the address.
    public void says(UnaryOperator<String> answer) {
        toRecipient = answer;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var socket = listening.accept();
                Thread.ofPlatform().daemon().name("test-mail-session").start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket plain) {
        try (plain) {
            new Session(plain).run();
        } catch (IOException gone) {
            // The client hung up, as some tests want.
        }
    }

    private final class Session {
        private Socket socket;
        private BufferedReader in;
        private boolean encrypted;
        private String user = "";
        private String from = "";
        private List<String> to = new ArrayList<>();

        Session(Socket plain) throws IOException {
            socket = plain;
            if (implicit) {
                encrypt();
            }
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        }

        private void encrypt() throws IOException {
            var secure = (SSLSocket) tls.orElseThrow().getSocketFactory().createSocket(socket, null, true);
            secure.setUseClientMode(false);
            secure.startHandshake();
            socket = secure;
            encrypted = true;
        }

        private void say(String line) throws IOException {
            socket.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
            socket.getOutputStream().flush();
        }

        void run() throws IOException {
            say("220 test ESMTP");
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var verb = line.split("[ :]", 2)[0].toUpperCase(java.util.Locale.ROOT);
                switch (verb) {
                    case "EHLO" -> hello();
                    case "STARTTLS" -> {
                        say("220 go on");
                        encrypt();
                        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                    }
                    case "AUTH" -> auth(line);
                    case "MAIL" -> {
                        from = address(line);
                        to = new ArrayList<>();
                        say("250 yes");
                    }
                    case "RCPT" -> recipient(address(line));
                    case "DATA" -> data();
                    case "QUIT" -> {
                        say("221 bye");
                        return;
                    }
                    case "RSET", "NOOP" -> say("250 yes");
                    default -> say("500 no such command");
                }
            }
        }

        private void hello() throws IOException {
            say("250-test");
            if (tls.isPresent() && !encrypted) {
                say("250-STARTTLS");
            }
            say("250 AUTH PLAIN");
        }

        private void auth(String line) throws IOException {
            var parts = line.split(" ", 3);
            if (parts.length < 3 || !parts[1].equalsIgnoreCase("PLAIN")) {
                say("504 PLAIN only");
                return;
            }
            var said = new String(Base64.getDecoder().decode(parts[2]), UTF_8).split("\0", 3);
            user = said[1] + ":" + said[2];
            say(user.equals("countersign:correct horse") ? "235 yes" : "535 no");
        }

        private void recipient(String address) throws IOException {
            var answer = from.isEmpty() ? "503 MAIL first" : toRecipient.apply(address);
            if (answer.startsWith("250")) {
                to.add(address);
            }
            say(answer);
        }

        private void data() throws IOException {
            if (to.isEmpty()) {
                say("503 RCPT first");
                return;
            }
            say("354 go on");
            var data = new StringBuilder();
            for (var line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                data.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
            }
            taken.add(new Mail(from, List.copyOf(to), data.toString(), encrypted, user));
            say("250 taken");
        }
    }

    private static String address(String line) {
        var found = ADDRESS.matcher(line);
        if (!found.matches()) {
            throw new AssertionError("no address: " + line);
        }
        return found.group(1);
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
