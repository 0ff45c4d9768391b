package org.trefoilhub.hub.app;

import java.net.URI;
import java.nio.file.Path;
import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the hub as a whole, prefix {@code trefoil}.
 *
 * @param home directory of everything the hub keeps on disk (database file, full-text index, blobs, key store);
 *     created when absent
 * @param publicUrl the one base address under which clients reach the hub, without trailing slash; it is the issuer of
 *     tokens, the SMART audience and the base of every link the hub writes
 * @param zone time zone of the hospital, for DICOM dates and times that carry none
 * @param canonical canonical base of our FHIR artefacts and identifier systems, without trailing slash
 */
@ConfigurationProperties("trefoil")
public record HubProperties(
        @DefaultValue("./data") Path home,
        @DefaultValue("http://localhost:8080") URI publicUrl,
        @DefaultValue("Asia/Shanghai") ZoneId zone,
        @DefaultValue("https://trefoil-hub.org/fhir") String canonical) {

    public HubProperties {
        String url = publicUrl.toString();
        if (url.endsWith("/")) {
            publicUrl = URI.create(url.substring(0, url.length() - 1));
        }
    }

    /** The FHIR base address, e.g. {@code http://localhost:8080/fhir}. */
    public String fhirBase() {
        return publicUrl + "/fhir";
    }

    /** The DICOMweb base address, e.g. {@code http://localhost:8080/dicom-web}. */
    public String dicomWebBase() {
        return publicUrl + "/dicom-web";
    }
}
