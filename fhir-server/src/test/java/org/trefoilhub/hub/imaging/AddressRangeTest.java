package org.trefoilhub.hub.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8, 127.9.9.9, true",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "10.1.0.0/20, 10.1.15.255, true",
        "10.1.0.0/20, 10.1.16.0, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "::1/128, ::1, true",
        "::1/128, 127.0.0.1, false",
        "fd00::/9, fd7f::1, true"
    })
    void shouldTellWhetherAnAddressLiesInTheRange(String range, String address, boolean inside) throws Exception {
        assertThat(AddressRange.parse(range).orElseThrow().contains(InetAddress.getByName(address)))
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "10.0.0.1/33", "::1/129", "10.0/8", "10.0.0.1/x", "cafe"})
    void shouldRefuseWhatIsNoRange(String text) {
        assertThat(AddressRange.parse(text)).isEmpty();
    }

    @Test
    void shouldNotResolveNames() {
        assertThat(AddressRange.parse("modality.hospital.example")).isEmpty();
    }
}
