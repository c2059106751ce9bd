package container.misuse.beans;

import jakarta.inject.Inject;
import plumb.Key;
import plumb.LiveGauge;
import plumb.PerKey;

@PerKey(domain = "counts-like-other")
class CountsLikeOther {
    @Inject
    @Key
    String key;

    @LiveGauge("taken")
    int count() {
        return 1;
    }
}
