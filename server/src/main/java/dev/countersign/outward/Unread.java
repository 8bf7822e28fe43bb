package dev.countersign.outward;

/// Ends the reading of an answer.
final class Unread extends Exception {
    private static final long serialVersionUID = 1;

    private final Answer.Silence silence;

    Unread(Answer.Silence silence) {
        super(silence.name(), null, false, false);
        this.silence = silence;
    }

    Answer.Silence silence() {
        return silence;
    }
}
