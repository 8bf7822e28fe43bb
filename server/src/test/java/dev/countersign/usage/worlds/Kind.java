package dev.countersign.usage.worlds;

/// How clients live.
enum Kind {
    CRON("cron job", 50),
    OFFICE("office hours", 40),
    CI("bursty CI", 35),
    SEASONAL("seasonal", 20),
    ROAMING("roaming engineer", 20),
    AGENT("AI agent", 15),
    RETIRED("retired", 20);

    final String words;

    /// Of 200.
    final int clients;

    Kind(String words, int clients) {
        this.words = words;
        this.clients = clients;
    }
}
