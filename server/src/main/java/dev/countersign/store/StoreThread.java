package dev.countersign.store;

/// A platform thread that talks to the store: JNI would pin a virtual one, and each answer of a database park it.
final class StoreThread extends Thread {
    StoreThread(String name, Runnable body) {
        super(null, body, name, 0, false);
        setDaemon(true);
    }

    /// Waiting for the store on one of its own threads would wait for ever.
    static void refuseHere() {
        if (Thread.currentThread() instanceof StoreThread) {
            throw new IllegalStateException("a work asked the store for another work: use the Tx it was given");
        }
    }
}
