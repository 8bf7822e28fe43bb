package dev.countersign.mint;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.Optional;

/// Corretto's crypto provider where its natives exist: it signs ES256 six times as fast as the JDK's. It is handed to
/// signers and verifiers, never registered for all, because its SHA-256 is slower for short inputs.
public final class NativeCrypto {
    private static final Optional<Provider> PROVIDER = Optional.of(AmazonCorrettoCryptoProvider.INSTANCE)
            .filter(it -> it.getLoadingError() == null)
            .map(Provider.class::cast);

    private NativeCrypto() {}

    /// Begins to load it on a thread of its own: it unpacks and tests itself, for a quarter of a second, while a server
    /// that starts has other things to do.
    public static void prepare() {
        Thread.ofPlatform().name("native-crypto").daemon().start(NativeCrypto::provider);
    }

    /// The provider; empty on a platform without its natives, where the JDK's does the work.
    public static Optional<Provider> provider() {
        return PROVIDER;
    }
}
