package plumb.ownership;

/// How an instance presents itself.
///
/// @param name for people: host or pod name
/// @param url the full address that peers use, with port and context path, without a trailing slash
/// @param publicUrl the address outsiders may see
/// @param version the WAR's version
public record InstanceInfo(String name, String url, String publicUrl, String version) {}
