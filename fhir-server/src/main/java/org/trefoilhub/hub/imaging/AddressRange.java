package org.trefoilhub.hub.imaging;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IP addresses in CIDR notation, such as {@code 10.1.0.0/16}, {@code 127.0.0.1} or {@code ::1/128}.
 *
 * <p>Spec: RFC 4632 section 3.1, RFC 4291 section 2.3. Host names are not accepted: they would be resolved by whoever
 * answers.
 */
public final class AddressRange {

    private static final Pattern CIDR = Pattern.compile("([0-9a-fA-F:.]+)(?:/(\\d{1,3}))?");

    private final byte[] network;
    private final int prefixBits;

    private AddressRange(byte[] network, int prefixBits) {
        this.network = network;
        this.prefixBits = prefixBits;
    }

    /** Reads a range; empty when the text is none. */
    public static Optional<AddressRange> parse(String text) {
        Matcher match = CIDR.matcher(text.strip());
        if (!match.matches() || !(match.group(1).contains(":") || match.group(1).matches("\\d+(\\.\\d+){3}"))) {
            return Optional.empty();
        }
        byte[] address;
        try {
            address = InetAddress.getByName(match.group(1)).getAddress();
        } catch (java.net.UnknownHostException e) {
            return Optional.empty();
        }
        int bits = match.group(2) == null ? address.length * 8 : Integer.parseInt(match.group(2));
        return bits > address.length * 8 ? Optional.empty() : Optional.of(new AddressRange(address, bits));
    }

    /** Whether the address lies in the range; an address of the other family does not. */
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != network.length) {
            return false;
        }
        int whole = prefixBits / 8;
        for (int i = 0; i < whole; i++) {
            if (bytes[i] != network[i]) {
                return false;
            }
        }
        int rest = prefixBits % 8;
        if (rest == 0) {
            return true;
        }
        int mask = 0xFF << (8 - rest) & 0xFF;
        return (bytes[whole] & mask) == (network[whole] & mask);
    }
}
