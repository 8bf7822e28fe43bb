package dev.countersign.dashboard;

import dev.countersign.http.Field;
import dev.countersign.oauth.Risk;
import java.util.List;

/// The second step of an approval: the sentence once more, exactly what is granted, and the form's own fields.
///
/// @param grants what will be granted, in words
/// @param leftOut what is asked and will not be granted
/// @param harms what that can do at worst, and how it is undone
/// @param signed whether it is signed with a passkey
public record ConfirmView(
        String id,
        Sentence sentence,
        Risk risk,
        List<RequestView.Item> grants,
        String lifetime,
        List<String> leftOut,
        List<RequestView.Harm> harms,
        Left left,
        List<Field> fields,
        boolean signed)
        implements View {}
