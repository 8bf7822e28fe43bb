package dev.countersign.approval;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// An approval as its row keeps it: JSON that names its state.
record StoredApproval(
        @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "state")
        @JsonSubTypes({
            @JsonSubTypes.Type(value = Approval.Pending.class, name = "pending"),
            @JsonSubTypes.Type(value = Approval.Approved.class, name = "approved"),
            @JsonSubTypes.Type(value = Approval.Denied.class, name = "denied"),
            @JsonSubTypes.Type(value = Approval.Expired.class, name = "expired"),
            @JsonSubTypes.Type(value = Approval.Cancelled.class, name = "cancelled"),
            @JsonSubTypes.Type(value = Approval.Redeemed.class, name = "redeemed"),
            @JsonSubTypes.Type(value = Approval.Revoked.class, name = "revoked")
        })
        Approval approval) {
    static StoredApproval of(Approval approval) {
        return new StoredApproval(approval);
    }
}
