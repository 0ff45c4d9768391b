package org.trefoilhub.hub.guide;

import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Writes the guide's resources when the hub starts, before any door opens. */
final class GuideLoader implements SmartLifecycle {

    /** After the access policies, before the projections and the doors, which start in the last phases. */
    private static final int PHASE = 1;

    private static final Logger log = LoggerFactory.getLogger(GuideLoader.class);

    private final SeededResources seeded;
    private final ISearchParamRegistry searchParameters;
    private volatile boolean running;

    GuideLoader(SeededResources seeded, ISearchParamRegistry searchParameters) {
        this.seeded = seeded;
        this.searchParameters = searchParameters;
    }

    @Override
    public void start() {
        running = true;
        long begin = System.nanoTime();
        List<ShippedResource> shipped = ShippedResources.all();
        int count = seeded.write(shipped);
        if (count > 0) {
            // What was shipped before is known by now; what came just now would be known a minute later.
            searchParameters.forceRefresh();
        }
        log.info(
                "the guide ships {} resources, {} were written, in {} ms",
                shipped.size(),
                count,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
