package org.trefoilhub.hub.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.EncodedResourceResolver;
import org.springframework.web.servlet.resource.PathResourceResolver;

/**
 * The console, the viewer and the guide as static files of the class path.
 *
 * <p>Files whose name carries a content hash are cached for a year; everything else is revalidated by an entity tag
 * made of the content, because all entries of a reproducible jar bear the same date. A path without an extension gets
 * the page's {@code index.html}; a missing file with an extension is a 404, never the page. A {@code .gz} or {@code .br}
 * sibling is sent when the client takes it.
 */
@Configuration(proxyBeanMethods = false)
class StaticPages implements WebMvcConfigurer {

    private static final CacheControl IMMUTABLE =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();

    private final Map<URI, String> entityTags = new ConcurrentHashMap<>();

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addRedirectViewController("/", "/console/");
        registry.addRedirectViewController("/console", "/console/").setKeepQueryParams(true);
        registry.addRedirectViewController("/viewer", "/viewer/").setKeepQueryParams(true);
        registry.addRedirectViewController("/ig", "/ig/").setKeepQueryParams(true);
        // The resource handler refuses an empty path, so the folders themselves are forwarded to their page.
        registry.addViewController("/console/").setViewName("forward:/console/index.html");
        registry.addViewController("/viewer/").setViewName("forward:/viewer/index.html");
        registry.addViewController("/ig/").setViewName("forward:/ig/index.html");
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        // Vite puts every hashed file, and nothing else, under assets/. The viewer's chunks carry a hash in their
        // names,
        // but its entry bundle is rewritten at packaging time and so is revalidated.
        serve(registry, "/console/assets/**", "console/assets", IMMUTABLE, new PathResourceResolver());
        serve(
                registry,
                "/viewer/{file:[0-9]+\\.bundle\\.[0-9a-f]+\\.js}",
                "viewer",
                IMMUTABLE,
                new PathResourceResolver());
        serve(registry, "/viewer/{file:[0-9a-f]+\\.wasm}", "viewer", IMMUTABLE, new PathResourceResolver());
        for (String page : List.of("console", "viewer", "ig")) {
            serve(registry, "/" + page + "/**", page, CacheControl.noCache(), new SinglePageResolver());
        }
    }

    private void serve(
            ResourceHandlerRegistry registry,
            String pattern,
            String folder,
            CacheControl cacheControl,
            PathResourceResolver resolver) {
        registry.addResourceHandler(pattern)
                .addResourceLocations("classpath:/static/" + folder + "/")
                .setCacheControl(cacheControl)
                .setUseLastModified(false)
                .setEtagGenerator(this::entityTag)
                // Not cached: every made-up path would stay in memory.
                .resourceChain(false)
                .addResolver(new EncodedResourceResolver())
                .addResolver(resolver);
    }

    /** Weak, so that the body may still be compressed on the way out. */
    private String entityTag(Resource resource) {
        try {
            return entityTags.computeIfAbsent(resource.getURI(), uri -> "W/\"" + digest(resource) + "\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(Resource resource) {
        try (InputStream in = resource.getInputStream()) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[65_536];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 12);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Finds the file, or the page itself for a path that names no file. */
    private static final class SinglePageResolver extends PathResourceResolver {
        @Override
        protected @Nullable Resource getResource(String resourcePath, Resource location) throws IOException {
            Resource file = resourcePath.isEmpty() ? null : super.getResource(resourcePath, location);
            if (file != null) {
                return file;
            }
            String last = resourcePath.substring(resourcePath.lastIndexOf('/') + 1);
            return last.contains(".") ? null : super.getResource("index.html", location);
        }
    }
}
