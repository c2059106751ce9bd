package plumb.admin;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import plumb.postgres.LeaseHistory.Grant;

/// Who owned something, as a picture and as a table.
///
/// @param grants newest first
/// @param cutOff there are older ones
public record Past(List<Grant> grants, Bar timeline, List<Legend> legend, boolean cutOff) {
    static final int MOST_GRANTS = 100;

    static final Past NONE = new Past(List.of(), new Bar("", List.of()), List.of(), false);

    /// @param grants at most [#MOST_GRANTS]
    /// @param names of the instances that live, so that they look as they do on the other pages
    static Past of(List<Grant> grants, List<String> names, Instant now) {
        Styles styles = Styles.forAll(
                Stream.concat(names.stream(), grants.stream().map(Grant::called).filter(Objects::nonNull))
                        .toList());
        return new Past(
                grants,
                Bar.ofTime(grants, now, styles),
                Legend.of(styles, grants.stream().map(Grant::called)),
                grants.size() == MOST_GRANTS);
    }
}
