/// Rules, and the verdict they give on an access request. Pure: time and facts are handed in; no clock, disk, network
/// or SQL.
///
/// Start at [Policy], which weighs all rules and unites what they ask for. [FactSchema] is what a rule may speak of,
/// [Facts] what is known of one request, [Condition] the CEL between the two, [Quorum] how votes become a decision, and
/// [PolicyTest] a test that stands beside the rules. [Prospect] is the verdict once more, as formulas
/// about all requests at once.
@NullMarked
package dev.countersign.policy;

import org.jspecify.annotations.NullMarked;
