package container.misuse.beans;

import jakarta.inject.Inject;
import java.util.List;
import plumb.Alarm;
import plumb.Key;
import plumb.PerKey;

/// An alarm's argument is text in a table.
@PerKey(domain = "rings-with-anything")
public class RingsWithAnything {
    @Inject
    @Key
    String key;

    @Alarm("late")
    void late(List<String> anything) {}
}
