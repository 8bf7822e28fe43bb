package dev.countersign;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.DriverManager;
import java.sql.SQLException;

/// Keeps what it is sent in an SQLite file and says it back; whether it waits for the disk is said at its start.
final class CarelessServer {
    private CarelessServer() {}

    /// Runs until it is killed.
    ///
    /// @param args the file, `FULL` or `OFF`, and a port
    public static void main(String... args) throws Exception {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + args[0]);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = " + args[1]);
            statement.execute("CREATE TABLE said (text TEXT)");
        }
        var server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2])), 0);
        server.createContext("/", exchange -> {
            var text = exchange.getRequestURI().getPath().substring(1);
            try (var insert = connection.prepareStatement("INSERT INTO said VALUES (?)")) {
                insert.setString(1, text);
                insert.execute();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            var answer = text.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }
}
