package org.trefoilhub.hub.smart.sso.ticket;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * The hospital's CAS server, asked whose a ticket is. Its answer is read without document types and entities and up to a
 * bounded length. Thread-safe.
 */
final class TicketServer {

    private static final String NAMESPACE = "http://www.yale.edu/tp/cas";
    private static final int LARGEST_ANSWER = 256 * 1024;

    private final HttpClient http;
    private final XMLInputFactory parsers = XMLInputFactory.newDefaultFactory();
    private final TicketProperties properties;
    private final String server;

    TicketServer(TicketProperties properties) {
        this.properties = properties;
        this.server = Objects.requireNonNull(properties.server()).toString();
        this.http = HttpClient.newBuilder()
                .connectTimeout(properties.patience())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        parsers.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        parsers.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        parsers.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        parsers.setProperty(XMLInputFactory.IS_COALESCING, true);
    }

    /** Where the browser gets a ticket for a service. */
    String login(String service) {
        return server + "/login?service=" + encode(service);
    }

    String address() {
        return server;
    }

    /**
     * Whose a ticket is.
     *
     * @param ticket the ticket
     * @param service the service it was issued for, exactly
     * @return the name of the user as the settings ask for it
     * @throws TicketException when the server does not vouch for it
     */
    String user(String ticket, String service) {
        byte[] answer = ask(URI.create(
                server + properties.validatePath() + "?service=" + encode(service) + "&ticket=" + encode(ticket)));
        try {
            return read(answer);
        } catch (XMLStreamException e) {
            throw new TicketException(TicketErrorCode.BAD_ANSWER, "the ticket server's answer cannot be read", e);
        }
    }

    private byte[] ask(URI question) {
        HttpRequest request =
                HttpRequest.newBuilder(question).timeout(properties.patience()).build();
        try {
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = answer.body()) {
                byte[] bytes = in.readNBytes(LARGEST_ANSWER + 1);
                if (answer.statusCode() != 200 || bytes.length > LARGEST_ANSWER) {
                    throw new TicketException(
                            TicketErrorCode.BAD_ANSWER,
                            "the ticket server answered with status " + answer.statusCode() + " or too much");
                }
                return bytes;
            }
        } catch (IOException e) {
            throw new TicketException(TicketErrorCode.UNREACHABLE, "the ticket server cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TicketException(TicketErrorCode.UNREACHABLE, "interrupted", e);
        }
    }

    /** CAS Protocol 3.0 section 2.5.2 and appendix A. */
    private String read(byte[] answer) throws XMLStreamException {
        XMLStreamReader xml = parsers.createXMLStreamReader(new ByteArrayInputStream(answer));
        try {
            xml.nextTag();
            xml.require(XMLStreamConstants.START_ELEMENT, NAMESPACE, "serviceResponse");
            xml.nextTag();
            if (isAt(xml, "authenticationFailure")) {
                throw new TicketException(
                        TicketErrorCode.REFUSED,
                        "the ticket server refused the ticket: " + known(xml.getAttributeValue(null, "code")));
            }
            xml.require(XMLStreamConstants.START_ELEMENT, NAMESPACE, "authenticationSuccess");
            String person = person(xml);
            // To the end: an answer that was cut off is none.
            while (xml.hasNext()) {
                xml.next();
            }
            return person;
        } finally {
            xml.close();
        }
    }

    private String person(XMLStreamReader xml) throws XMLStreamException {
        String user = null;
        Map<String, String> attributes = new HashMap<>();
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            if (isAt(xml, "user")) {
                user = xml.getElementText().strip();
            } else if (isAt(xml, "attributes")) {
                while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
                    // Several values of one attribute are several elements; the first counts.
                    attributes.putIfAbsent(
                            xml.getLocalName(), xml.getElementText().strip());
                }
            } else if (isAt(xml, "proxies")) {
                throw new TicketException(TicketErrorCode.REFUSED, "the ticket was obtained through a proxy");
            } else {
                skip(xml);
            }
        }
        String wanted = properties.userAttribute();
        String named = wanted == null ? user : attributes.get(wanted);
        if (user == null || user.isEmpty() || named == null || named.isEmpty()) {
            throw new TicketException(TicketErrorCode.BAD_ANSWER, "the ticket server names no user");
        }
        return named;
    }

    private static boolean isAt(XMLStreamReader xml, String element) {
        return element.equals(xml.getLocalName()) && NAMESPACE.equals(xml.getNamespaceURI());
    }

    private static void skip(XMLStreamReader xml) throws XMLStreamException {
        for (int depth = 1; depth > 0; ) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                depth++;
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            }
        }
    }

    /** A code of the protocol; anything else stays out of our logs. */
    private static String known(@Nullable String code) {
        return code != null && code.matches("[A-Z_]{1,40}") ? code : "unknown";
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
