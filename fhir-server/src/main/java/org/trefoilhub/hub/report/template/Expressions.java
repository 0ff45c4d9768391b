package org.trefoilhub.hub.report.template;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hl7.fhir.exceptions.FHIRException;
import org.hl7.fhir.exceptions.PathEngineException;
import org.hl7.fhir.r4.fhirpath.ExpressionNode;
import org.hl7.fhir.r4.fhirpath.FHIRPathEngine;
import org.hl7.fhir.r4.fhirpath.FHIRPathUtilityClasses.FunctionDetails;
import org.hl7.fhir.r4.fhirpath.IHostApplicationServices;
import org.hl7.fhir.r4.fhirpath.TypeDetails;
import org.hl7.fhir.r4.hapi.ctx.HapiWorkerContext;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.ValueSet;
import org.hl7.fhir.utilities.fhirpath.FHIRPathConstantEvaluationMode;
import org.jspecify.annotations.Nullable;

/**
 * FHIRPath over answers. Expressions are parsed once; one evaluation at a time, because the engine is not made for more.
 *
 * <p>Spec: FHIRPath N1, SDC (variables {@code %resource}, {@code %qitem} and those of the template).
 */
final class Expressions {

    private final FHIRPathEngine engine;
    private final Map<String, ExpressionNode> parsed = new ConcurrentHashMap<>();

    /** An expression that cannot be understood or evaluated. */
    static final class ExpressionException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        ExpressionException(Throwable cause) {
            super("the expression cannot be evaluated", cause);
        }
    }

    Expressions(FhirContext context) {
        engine = new FHIRPathEngine(new HapiWorkerContext(context, new DefaultProfileValidationSupport(context)));
        engine.setHostServices(new Constants());
    }

    /**
     * What an expression yields.
     *
     * @param expression FHIRPath
     * @param answers value of {@code %resource}
     * @param focus value of {@code %context}
     * @param names values of all other names, without the percent sign
     * @throws ExpressionException when it cannot be understood or evaluated
     */
    synchronized List<Base> evaluate(
            String expression, QuestionnaireResponse answers, Base focus, Map<String, List<Base>> names) {
        try {
            ExpressionNode node = parsed.get(expression);
            if (node == null) {
                node = engine.parse(expression);
                parsed.put(expression, node);
            }
            return engine.evaluate(names, answers, answers, focus, node);
        } catch (FHIRException e) {
            throw new ExpressionException(e);
        }
    }

    /** Hands the names of the template to the engine. */
    private static final class Constants implements IHostApplicationServices {

        @Override
        public List<Base> resolveConstant(
                FHIRPathEngine engine, @Nullable Object names, String name, FHIRPathConstantEvaluationMode mode)
                throws PathEngineException {
            String bare = name.startsWith("%") ? name.substring(1) : name;
            if (names instanceof Map<?, ?> known && known.get(bare) instanceof List<?> values) {
                List<Base> found = new ArrayList<>();
                values.forEach(value -> found.add((Base) value));
                return found;
            }
            return List.of();
        }

        @Override
        public @Nullable TypeDetails resolveConstantType(
                FHIRPathEngine engine, @Nullable Object names, String name, FHIRPathConstantEvaluationMode mode) {
            return null;
        }

        @Override
        public boolean log(String argument, List<Base> focus) {
            return false;
        }

        @Override
        public @Nullable FunctionDetails resolveFunction(FHIRPathEngine engine, String functionName) {
            return null;
        }

        @Override
        public @Nullable TypeDetails checkFunction(
                FHIRPathEngine engine,
                @Nullable Object names,
                String functionName,
                TypeDetails focus,
                List<TypeDetails> parameters) {
            return null;
        }

        @Override
        public List<Base> executeFunction(
                FHIRPathEngine engine,
                @Nullable Object names,
                List<Base> focus,
                String functionName,
                List<List<Base>> parameters) {
            return List.of();
        }

        @Override
        public @Nullable Base resolveReference(
                FHIRPathEngine engine, @Nullable Object names, String url, @Nullable Base reference) {
            return null;
        }

        @Override
        public boolean conformsToProfile(FHIRPathEngine engine, @Nullable Object names, Base item, String url) {
            return false;
        }

        @Override
        public @Nullable ValueSet resolveValueSet(FHIRPathEngine engine, @Nullable Object names, String url) {
            return null;
        }

        @Override
        public boolean paramIsType(String name, int index) {
            return false;
        }
    }
}
