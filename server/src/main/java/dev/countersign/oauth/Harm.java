package dev.countersign.oauth;

/// What a permission can do at worst, in the words of its API's owner; empty where they have not said.
///
/// @param undo how that is undone
public record Harm(String worstCase, String undo) {
    /// Nothing is said of it.
    public static final Harm UNSAID = new Harm("", "");

    /// True when they have said anything.
    public boolean isSaid() {
        return !worstCase.isBlank() || !undo.isBlank();
    }
}
