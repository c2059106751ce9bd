/// Who may look at the plumbing and who may change it: people, their roles, their passwords and tokens.
///
/// ```
/// /admin pages, /api/plumb ──▶ IdentityFilter (who is it?) ──▶ AllowedFilter (may he?) ──▶ admin
///                                   │ Doorkeeper: cookie or Bearer ─▶ token │ Basic ─▶ password
///                                   ▼
///                              postgres.People
/// ```
///
/// Not a Jakarta Security mechanism of its own: an application has one of those only, it is asked about each request,
/// and both belong to the team whose handlers run here (decision 0012). Imported by `admin`, `metrics` and `runtime`.
@NullMarked
package plumb.access;

import org.jspecify.annotations.NullMarked;
