package dev.countersign.cli;

import java.io.Console;
import java.time.Duration;
import java.util.Optional;

/// The line that shows how long somebody has been waiting: rewritten each second on a terminal, else told now and then.
final class Progress {
    private static final long TOLD_EVERY_SECONDS = 60;

    private final Terminal terminal;
    private final String what;
    private final Duration patience;
    private final long started = System.nanoTime();
    private final boolean interactive =
            Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    private long told;

    Progress(Terminal terminal, String what, Duration patience) {
        this.terminal = terminal;
        this.what = what;
        this.patience = patience;
        show();
    }

    private Duration since() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    boolean isInteractive() {
        return interactive;
    }

    Duration left() {
        return patience.minus(since());
    }

    void tick() {
        if (interactive || since().toSeconds() - told >= TOLD_EVERY_SECONDS) {
            show();
        }
    }

    private void show() {
        told = since().toSeconds();
        var line = "waiting: " + what + " · since " + Spans.clock(since()) + " · " + Spans.clock(left()) + " left";
        if (interactive) {
            terminal.err().print("\r" + line + "  ");
            terminal.err().flush();
        } else {
            terminal.note(line);
        }
    }

    void note(String line) {
        end();
        terminal.note(line);
    }

    /// Waits, while the line goes on.
    void pause(Duration duration) {
        try {
            for (var left = duration; left.isPositive(); left = left.minusSeconds(1)) {
                Thread.sleep(left.compareTo(Duration.ofSeconds(1)) < 0 ? left : Duration.ofSeconds(1));
                tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted");
        }
    }

    /// Leaves the line as it stands.
    void end() {
        if (interactive) {
            terminal.note("");
        }
    }
}
