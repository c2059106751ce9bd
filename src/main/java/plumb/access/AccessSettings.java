package plumb.access;

import org.jspecify.annotations.Nullable;

/// Who gets in.
///
/// @param enabled `plumb.admin.enabled`: whether there are pages and operations for people at all; default true
/// @param readonly `plumb.admin.readonly`: nothing can be changed over HTTP but by a script on the same machine, which
///     may drain; default true
/// @param auth `plumb.admin.auth`: `form` (people are in Postgres) or `container` (the server says who somebody is, by
///     roles plumb-viewer, plumb-operator, plumb-admin); default form
/// @param password `plumb.admin.password`: of the first person, `admin`, when there is none; null: a random one, which
///     is logged once
public record AccessSettings(
        boolean enabled,
        boolean readonly,
        Auth auth,
        @Nullable String password) {
    /// Who says who somebody is.
    public enum Auth {
        /// Plumb, from its table.
        FORM,
        /// The server.
        CONTAINER
    }

    @Override
    public String toString() {
        return "enabled=" + enabled + ", readonly=" + readonly + ", auth=" + auth; // never the password
    }
}
