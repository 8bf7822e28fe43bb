package dev.countersign.cli;

/// Tells what came of a publication.
final class Publication {
    private final Terminal terminal;
    private final boolean json;

    Publication(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
    }

    int tell(PersonApi.Answer answer) {
        var body = Office.good(terminal, answer, json);
        if (json) {
            terminal.json(body);
            return 0;
        }
        Office.warn(terminal, body);
        var outcome = body.path("outcome").stringValue("");
        terminal.say("configuration " + body.path("version").stringValue("") + " is in force"
                + (outcome.equals("unchanged") ? " already" : "") + ", as number "
                + body.path("number").asLong(0));
        return 0;
    }
}
