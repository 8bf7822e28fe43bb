package dev.countersign.client;

/// A client that has proved who it is, and has a place for its request until this is closed. Made only by [Clients].
public final class AuthenticatedClient implements AutoCloseable {
    /// Its registration.
    public final Client client;

    /// How it proved it, as it is registered: `client_secret_basic`.
    public final String method;

    /// A short name of the secret or key it used, the same whenever it is used: the first 8 hex digits of the secret's
    /// hash, or the key's RFC 7638 thumbprint.
    public final String credential;

    /// Its place among all that is in work for clients.
    public final Shares.Share share;

    AuthenticatedClient(Client client, String method, String credential, Shares.Share share) {
        this.client = client;
        this.method = method;
        this.credential = credential;
        this.share = share;
    }

    @Override
    public void close() {
        share.close();
    }
}
