package container.misuse.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import plumb.Owned;

@Path("twice/{customer}")
@Owned("customer")
public class TwiceOwned {
    @GET
    @Owned("customer")
    public String get() {
        return "";
    }
}
