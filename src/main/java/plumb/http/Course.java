package plumb.http;

import plumb.routing.Route;

/// What [Steering] decided.
sealed interface Course {
    /// Goes on to the resource method here.
    ///
    /// @param pass must be left when the request is done
    /// @param doubt an earlier attempt may have been applied elsewhere: a refusal here must not claim "not applied"
    record Here(Route.Local route, Gates.Pass pass, boolean doubt) implements Course {}

    /// Was answered by the owner.
    record Relayed(HopAnswer answer) implements Course {}

    /// The client is to ask the owner itself.
    record Redirected(Route.Remote to, String location) implements Course {}

    /// Ends here.
    record Refused(Problem problem) implements Course {}
}
