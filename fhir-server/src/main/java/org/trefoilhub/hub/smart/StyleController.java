package org.trefoilhub.hub.smart;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The look of the hub for apps that want to fit in: {@code smart_style_url} of SMART App Launch. */
@RestController
class StyleController {

    private static final Map<String, String> STYLE = style();

    @GetMapping(path = SmartAddresses.STYLE, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, String>> document() {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(Duration.ofDays(1)).cachePublic())
                .body(STYLE);
    }

    private static Map<String, String> style() {
        Map<String, String> style = new LinkedHashMap<>();
        style.put("color_background", "#f5f7fa");
        style.put("color_error", "#a3171d");
        style.put("color_highlight", "#1769d2");
        style.put("color_modal_backdrop", "#0a2a55");
        style.put("color_success", "#0a6472");
        style.put("color_text", "#14233b");
        style.put("dim_border_radius", "9px");
        style.put("dim_font_size", "16px");
        style.put("dim_spacing_size", "16px");
        style.put("font_family_body", "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif");
        style.put("font_family_heading", "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif");
        return style;
    }
}
