package dev.countersign.cli;

import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How a server's process ends and is told to read again: SIGINT and SIGTERM close it in order, SIGHUP reloads.
final class Ending {
    private static final int PATIENCE_SECONDS = 20;

    private Ending() {}

    /// Waits until the process is to end, and closes.
    static void await(AutoCloseable server) {
        var asked = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        // The JVM runs its hooks and is gone when they return: this one waits until everything is closed.
        var hook = new Thread(() -> {
            asked.countDown();
            try {
                if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    System.err.println(
                            "countersign: still busy, ending all the same; nothing that was told done is lost");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try (server) {
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the server did not close in order", e);
        } finally {
            closed.countDown();
        }
    }

    /// What SIGHUP does from now on: until it is said, the JVM ends by it.
    ///
    /// `sun.misc.Signal` is the JDK's only way to hear of it, and the compiler warns of every mention: hence
    /// the one place where we name a class by its name. Without it the server runs, and is restarted to reload.
    static void onHangUp(Runnable reload) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var heard = MethodHandles.lookup()
                    .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                    .bindTo(reload);
            var handles =
                    MethodHandleProxies.asInterfaceInstance(handler, MethodHandles.dropArguments(heard, 0, signal));
            var hup = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hup, handles);
        } catch (ReflectiveOperationException e) {
            System.err.println("countersign: SIGHUP is not heard here (" + e + "); restart to reload");
        }
    }
}
