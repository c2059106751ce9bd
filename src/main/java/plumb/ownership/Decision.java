package plumb.ownership;

/// Who wanted something, and why: kept with what was wished.
///
/// @param by a person or a part, `balance on instance-2`
/// @param reason with the figures that it was based on
public record Decision(String by, String reason) {}
