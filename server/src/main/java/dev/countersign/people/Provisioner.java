package dev.countersign.people;

/// An OpenID provider that also provisions people and groups by SCIM, as the configuration has it.
///
/// @param login what the configuration calls the provider
/// @param subject the attribute of a user that is their subject at sign-ins: `externalId` or `userName`
/// @param named the attribute of a group that `from` names: `displayName` or `externalId`
public record Provisioner(String login, String issuer, String subject, String named) {
    public static final String EXTERNAL_ID = "externalId";
    public static final String USER_NAME = "userName";
    public static final String DISPLAY_NAME = "displayName";
}
