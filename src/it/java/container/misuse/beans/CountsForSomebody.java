package container.misuse.beans;

import jakarta.inject.Inject;
import plumb.Key;
import plumb.LiveGauge;
import plumb.PerKey;

@PerKey(domain = "counts-for-somebody")
class CountsForSomebody {
    @Inject
    @Key
    String key;

    @LiveGauge("for_somebody")
    int count(String somebody) {
        return somebody.length();
    }
}
