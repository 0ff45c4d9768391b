package org.trefoilhub.bench;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.PolicyDecision;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.ResourceFacts;

/**
 * The policy engine alone, on sets of three sizes: a decision, the scope of a search, a linear scan that answers the same
 * questions, the compilation of a whole set and that of one changed Consent.
 */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgs = "-Xmx1g")
public class PolicyBench {

    private static final int QUESTIONS = 4096;

    /** Provisions in force. */
    @Param({"1000", "10000", "100000"})
    public int provisions;

    private PolicyWorkload workload;
    private PolicySet set;
    private LinearScan scan;
    private AccessRequest[] questions;
    private ResourceFacts[] kinds;
    private int next;

    /** Compiles the set, and compares engine and scan on every question: a fast wrong answer is no figure. */
    @Setup
    public void prepare() {
        workload = new PolicyWorkload(provisions);
        set = PolicySet.compile(1, workload.policies, PolicyWorkload.VOCABULARY, PolicyOptions.DEFAULT);
        scan = new LinearScan(workload.policies);
        questions = workload.requests(QUESTIONS).toArray(AccessRequest[]::new);
        int permitted = 0;
        for (int i = 0; i < QUESTIONS; i += provisions > 10_000 ? 16 : 1) {
            boolean permits = set.engine().decide(questions[i]).permitted();
            if (permits != scan.permits(questions[i])) {
                throw new IllegalStateException("engine and scan disagree on question " + i);
            }
            permitted += permits ? 1 : 0;
        }
        if (permitted == 0) {
            throw new IllegalStateException("the workload permits nothing");
        }
    }

    private AccessRequest question() {
        next = (next + 1) & (QUESTIONS - 1);
        return questions[next];
    }

    /** One decision. */
    @Benchmark
    public PolicyDecision decide() {
        return set.engine().decide(question());
    }

    /** The scope of one search. */
    @Benchmark
    public AccessScope scope() {
        AccessRequest question = question();
        return set.engine()
                .scope(
                        question.subject(),
                        question.action(),
                        question.resource().kind(),
                        question.purposeOfUse(),
                        question.environment());
    }

    /** One decision by asking every policy. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    public boolean linearScan() {
        return scan.permits(question());
    }

    /** A changed Consent. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    public PolicySet changeOne() {
        var policy = workload.changed(next++);
        return set.with(2, policy.rule(), List.of(policy));
    }

    /** All policies from the beginning. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    public PolicySet compileAll() {
        return PolicySet.compile(1, workload.policies, PolicyWorkload.VOCABULARY, PolicyOptions.DEFAULT);
    }

    /**
     * Runs all of them in JVMs of their own.
     *
     * @return for each size microseconds by name, and the ratios that are judged
     */
    static Map<String, Object> run() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("\\." + PolicyBench.class.getSimpleName() + "\\.")
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        Map<Integer, Map<String, Double>> bySize = new TreeMap<>();
        for (RunResult result : results) {
            int size = Integer.parseInt(result.getParams().getParam("provisions"));
            Map<String, Double> figures = bySize.computeIfAbsent(size, any -> new TreeMap<>());
            Result<?> primary = result.getPrimaryResult();
            String name = primary.getLabel();
            if (result.getParams().getMode() == Mode.SampleTime) {
                figures.put(name + "P50", primary.getStatistics().getPercentile(50));
                figures.put(name + "P99", primary.getStatistics().getPercentile(99));
            } else {
                figures.put(name, primary.getScore());
            }
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        bySize.forEach((size, values) -> figures.put("microseconds at " + size + " provisions", values));
        Map<String, Double> smallest = bySize.values().iterator().next();
        Map<String, Object> ratios = new LinkedHashMap<>();
        bySize.forEach((size, values) -> {
            Map<String, Double> of = new LinkedHashMap<>();
            of.put("decide to 1000 provisions", values.get("decide") / smallest.get("decide"));
            of.put("scope to 1000 provisions", values.get("scope") / smallest.get("scope"));
            of.put("linear scan to decide", values.get("linearScan") / values.get("decide"));
            of.put("compile all to change one", values.get("compileAll") / values.get("changeOne"));
            ratios.put("at " + size + " provisions", of);
        });
        figures.put("ratios", ratios);
        return figures;
    }
}
