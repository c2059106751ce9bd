package container.misuse.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import plumb.Owned;

@Path("wrong/{id}")
public class WrongPath {
    @GET
    @Owned("customer")
    public String get() {
        return "";
    }

    @GET
    @Path("nowhere/{nowhere}")
    @Owned("nowhere")
    public String nowhere() {
        return "";
    }
}
