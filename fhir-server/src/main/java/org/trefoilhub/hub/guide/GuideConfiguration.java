package org.trefoilhub.hub.guide;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import java.util.Locale;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Meta;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the loading of the guide together. */
@Configuration(proxyBeanMethods = false)
class GuideConfiguration {

    @Bean
    GuideLoader guideLoader(
            FhirContext context,
            IFhirSystemDao<Bundle, Meta> store,
            JdbcClient jdbc,
            DataSource dataSource,
            PlatformTransactionManager transactions,
            ISearchParamRegistry searchParameters) {
        migrate(dataSource);
        return new GuideLoader(
                new SeededResources(context, store, jdbc, new TransactionTemplate(transactions)), searchParameters);
    }

    private static void migrate(DataSource dataSource) {
        // Flyway quotes the name, our SQL does not: it must be spelled as the database folds it.
        String schema;
        try {
            boolean folds =
                    JdbcUtils.extractDatabaseMetaData(dataSource, metaData -> metaData.storesUpperCaseIdentifiers());
            schema = folds ? "trefoil".toUpperCase(Locale.ROOT) : "trefoil";
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("the hub's database cannot be reached", e);
        }
        Flyway.configure()
                .dataSource(dataSource)
                .schemas(schema)
                .defaultSchema(schema)
                .table("guide_history")
                .locations("classpath:org/trefoilhub/hub/guide")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }
}
