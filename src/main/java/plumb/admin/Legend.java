package plumb.admin;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which pattern stands for whom.
public record Legend(String name, String style) {
    static List<Legend> of(Styles styles, Stream<@Nullable String> owners) {
        return owners.distinct()
                .map(owner -> new Legend(Text.owner(owner), styles.of(owner)))
                .sorted(Comparator.comparing(Legend::name))
                .toList();
    }
}
