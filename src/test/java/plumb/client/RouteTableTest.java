package plumb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import plumb.keyspace.Slot;

class RouteTableTest {
    private static final String TABLE = """
            {"domain":"customer","function":1,"keys":"UUID","version":57,"later":{"unknown":[]},"ranges":[
             {"range":2,"lo":2147483648,"hi":4294967296,"owner":null,"epoch":8},
             {"range":1,"lo":0,"hi":2147483648,"owner":{"name":"a","url":"http://a.example/shop/"},"epoch":7}]}""";

    @Test
    void aKeyIsFoundByItsSlotHoweverItIsSpelled() {
        RouteTable table = RouteTable.parse(TABLE);
        for (int i = 0; i < 100; i++) {
            String key = UUID.randomUUID().toString();
            boolean low = Slot.of(key).value() < 2_147_483_648L;

            RouteTable.Range range = table.find(key.toUpperCase(java.util.Locale.ROOT));

            assertThat(range.epoch()).isEqualTo(low ? 7 : 8);
            assertThat(range.base()).isEqualTo(low ? URI.create("http://a.example/shop") : null);
        }
        assertThat(table.version()).isEqualTo(57);
        assertThat(table.bases()).containsExactly(URI.create("http://a.example/shop"));
    }

    @Test
    void whatIsNoKeyIsNotFound() {
        assertThat(RouteTable.parse(TABLE).find("joe")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"function\":2,\"keys\":\"UUID\",\"version\":57,\"ranges\":[]}",
                "{\"function\":1,\"keys\":\"COLOUR\",\"version\":57,\"ranges\":[]}",
                "{\"function\":1,\"keys\":\"UUID\",\"version\":\"57\",\"ranges\":[]}",
                "{\"function\":1,\"keys\":\"UUID\",\"version\":57,\"ranges\":[{\"lo\":0}]}",
                "{\"function\":1,\"keys\":\"UUID\",\"version\":57,\"ranges\":[{\"lo\":0,\"hi\":1,\"epoch\":1,"
                        + "\"owner\":{\"name\":\"a\",\"url\":\"file:///etc\"}}]}",
            })
    void whatIsNoTableIsRefused(String json) {
        assertThatThrownBy(() -> RouteTable.parse(json)).isInstanceOf(IllegalArgumentException.class);
    }
}
