package container.misuse.beans;

import jakarta.inject.Inject;
import plumb.Key;
import plumb.LiveGauge;
import plumb.PerKey;

@PerKey(domain = "counts-twice")
class CountsTwice {
    @Inject
    @Key
    String key;

    @LiveGauge("twice")
    int one() {
        return 1;
    }

    @LiveGauge("twice")
    int two() {
        return 2;
    }
}
