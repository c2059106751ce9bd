package container.misuse.beans;

import jakarta.inject.Inject;
import plumb.Alarm;
import plumb.Key;
import plumb.PerKey;

/// Two methods for one alarm.
@PerKey(domain = "rings-twice")
public class RingsTwice {
    @Inject
    @Key
    String key;

    @Alarm("late")
    void late() {}

    @Alarm("late")
    void later() {}
}
