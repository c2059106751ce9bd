package plumb.admin;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which pattern stands for whom in the pictures of a page: a colour and a drawing, because a colour alone says nothing
/// to many. Owners beyond the eighth share one with another.
record Styles(List<String> names) {
    private static final int PATTERNS = 8;

    static Styles forAll(Collection<String> names) {
        return new Styles(names.stream().distinct().sorted().toList());
    }

    /// @param owner null: nobody
    String of(@Nullable String owner) {
        return owner == null ? "unowned" : "owner-" + Math.floorMod(names.indexOf(owner), PATTERNS);
    }
}
