package org.trefoilhub.dicomweb.retrieve;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** What the DICOMweb door can do, as WADL, DICOM PS3.18 section 8.9. Says nothing of what is stored; asks no token. */
@RestController
class CapabilitiesController {
    private static final String WADL =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <application xmlns="http://wadl.dev.java.net/2009/02">
              <resources base="%s">
                <resource path="studies">
                  <method name="GET"><response><representation mediaType="application/dicom+json"/></response></method>
                  <method name="POST"><request><representation mediaType="multipart/related; type=application/dicom"/></request>
                    <response><representation mediaType="application/dicom+json"/></response></method>
                  <resource path="{study}">
                    <method name="GET"><response><representation mediaType="multipart/related; type=application/dicom"/></response></method>
                    <method name="POST"><request><representation mediaType="multipart/related; type=application/dicom"/></request>
                      <response><representation mediaType="application/dicom+json"/></response></method>
                    <method name="DELETE"/>
                    <resource path="metadata"><method name="GET"><response><representation mediaType="application/dicom+json"/></response></method></resource>
                    <resource path="instances"><method name="GET"><response><representation mediaType="application/dicom+json"/></response></method></resource>
                    <resource path="series">
                      <method name="GET"><response><representation mediaType="application/dicom+json"/></response></method>
                      <resource path="{series}">
                        <method name="GET"><response><representation mediaType="multipart/related; type=application/dicom"/></response></method>
                        <method name="DELETE"/>
                        <resource path="metadata"><method name="GET"><response><representation mediaType="application/dicom+json"/></response></method></resource>
                        <resource path="instances">
                          <method name="GET"><response><representation mediaType="application/dicom+json"/></response></method>
                          <resource path="{instance}">
                            <method name="GET"><response><representation mediaType="application/dicom"/><representation mediaType="multipart/related; type=application/dicom"/></response></method>
                            <method name="DELETE"/>
                            <resource path="metadata"><method name="GET"><response><representation mediaType="application/dicom+json"/></response></method></resource>
                            <resource path="frames/{frames}"><method name="GET"><response><representation mediaType="multipart/related; type=application/octet-stream"/><representation mediaType="application/octet-stream"/></response></method></resource>
                            <resource path="bulkdata/{path}"><method name="GET"><response><representation mediaType="application/octet-stream"/><representation mediaType="multipart/related; type=application/octet-stream"/></response></method></resource>
                            <resource path="rendered"><method name="GET"><response><representation mediaType="image/jpeg"/></response></method></resource>
                            <resource path="thumbnail"><method name="GET"><response><representation mediaType="image/jpeg"/></response></method></resource>
                          </resource>
                        </resource>
                      </resource>
                    </resource>
                  </resource>
                </resource>
                <resource path="series"><method name="GET"><response><representation mediaType="application/dicom+json"/></response></method></resource>
                <resource path="instances"><method name="GET"><response><representation mediaType="application/dicom+json"/></response></method></resource>
              </resources>
            </application>
            """;

    private final byte[] document;

    CapabilitiesController(@Value("${trefoil.public-url}") String publicUrl) {
        String base = publicUrl.replaceAll("/+$", "") + "/dicom-web/";
        this.document = WADL.formatted(
                        base.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;"))
                .getBytes(StandardCharsets.UTF_8);
    }

    @RequestMapping(
            path = {"/dicom-web", "/dicom-web/"},
            method = RequestMethod.OPTIONS)
    void capabilities(HttpServletResponse response) throws IOException {
        response.setContentType("application/vnd.sun.wadl+xml");
        response.setHeader("Allow", "GET, HEAD, POST, DELETE, OPTIONS");
        response.setContentLength(document.length);
        response.getOutputStream().write(document);
    }
}
