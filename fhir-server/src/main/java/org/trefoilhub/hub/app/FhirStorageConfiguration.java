package org.trefoilhub.hub.app;

import ca.uhn.fhir.batch2.jobs.config.Batch2JobsConfig;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.jpa.api.IDaoRegistry;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.config.ThreadPoolFactoryConfig;
import ca.uhn.fhir.jpa.batch2.JpaBatch2Config;
import ca.uhn.fhir.jpa.binary.api.IBinaryStorageSvc;
import ca.uhn.fhir.jpa.binstore.DatabaseBinaryContentStorageSvcImpl;
import ca.uhn.fhir.jpa.config.HibernatePropertiesProvider;
import ca.uhn.fhir.jpa.config.r4.JpaR4Config;
import ca.uhn.fhir.jpa.config.util.HapiEntityManagerFactoryUtil;
import ca.uhn.fhir.jpa.dao.IFulltextSearchSvc;
import ca.uhn.fhir.jpa.dao.search.HSearchSortHelperImpl;
import ca.uhn.fhir.jpa.dao.search.IHSearchSortHelper;
import ca.uhn.fhir.jpa.model.config.PartitionSettings;
import ca.uhn.fhir.jpa.model.config.SubscriptionSettings;
import ca.uhn.fhir.jpa.provider.DaoRegistryResourceSupportedSvc;
import ca.uhn.fhir.jpa.search.DatabaseBackedPagingProvider;
import ca.uhn.fhir.jpa.search.IStaleSearchDeletingSvc;
import ca.uhn.fhir.jpa.search.StaleSearchDeletingSvcImpl;
import ca.uhn.fhir.jpa.search.builder.sql.SearchQueryBuilder;
import ca.uhn.fhir.jpa.subscription.channel.config.SubscriptionChannelConfig;
import ca.uhn.fhir.jpa.subscription.match.config.SubscriptionProcessorConfig;
import ca.uhn.fhir.jpa.subscription.match.deliver.email.IEmailSender;
import ca.uhn.fhir.jpa.subscription.submit.config.SubscriptionSubmitterConfig;
import ca.uhn.fhir.rest.api.IResourceSupportedSvc;
import ca.uhn.fhir.rest.api.SearchTotalModeEnum;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import jakarta.persistence.EntityManagerFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.hibernate.dialect.Dialect;
import org.hl7.fhir.dstu2.model.Subscription.SubscriptionChannelType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.orm.jpa.JpaProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.context.annotation.Scope;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.trefoilhub.interceptors.fhir.narrow.ScopedFulltextSearch;
import org.trefoilhub.interceptors.fhir.narrow.ScopedIdPredicateBuilder;

/**
 * The storage of FHIR resources: HAPI FHIR JPA R4 on the one data source of the hub.
 *
 * <p>One {@link EntityManagerFactory} and one {@link JpaTransactionManager}; JDBC work of other packages on the same
 * data source joins their transactions.
 */
@Configuration(proxyBeanMethods = false)
@Import({
    JpaR4Config.class,
    ThreadPoolFactoryConfig.class,
    JpaBatch2Config.class,
    Batch2JobsConfig.class,
    SubscriptionSubmitterConfig.class,
    SubscriptionProcessorConfig.class,
    SubscriptionChannelConfig.class
})
class FhirStorageConfiguration {

    private static final Logger log = LoggerFactory.getLogger(FhirStorageConfiguration.class);

    @Bean
    JpaStorageSettings jpaStorageSettings(HubProperties hub) {
        JpaStorageSettings settings = new JpaStorageSettings();
        // decisions 13: what a client names is not what we store; a PUT to an absent id is a 404.
        settings.setResourceClientIdStrategy(JpaStorageSettings.ClientIdStrategyEnum.NOT_ALLOWED);
        // decisions 9: a stored result must never be handed to another subject.
        settings.setReuseCachedSearchResultsForMillis(null);
        settings.setDefaultTotalMode(SearchTotalModeEnum.ACCURATE);
        settings.setHibernateSearchIndexFullText(true);
        settings.setAllowContainsSearches(true);
        settings.setAllowMultipleDelete(false);
        settings.setAllowExternalReferences(false);
        settings.setTreatBaseUrlsAsLocal(Set.of(hub.fhirBase()));
        settings.setTreatReferencesAsLogical(Set.of(hub.canonical() + "/*", "urn:oid:*", "http://hl7.org/*"));
        settings.setEnforceReferentialIntegrityOnWrite(true);
        settings.setEnforceReferentialIntegrityOnDelete(true);
        settings.setExpungeEnabled(false);
        settings.setDeleteExpungeEnabled(false);
        settings.setMaximumTransactionBundleSize(2_000);
        settings.setFetchSizeDefaultMaximum(10_000);
        settings.setMaximumExpansionSize(50_000);
        settings.setFilterParameterEnabled(false);
        settings.setIndexIdentifierOfType(true);
        settings.setUpdateWithHistoryRewriteEnabled(false);
        // What one export found must not answer another one: policies change between the two.
        settings.setEnableBulkExportJobReuse(false);
        settings.setEnableTaskBulkExportJobExecution(true);
        // Else each step of a job waits for the next minute.
        // The job that would index what is stored by a new parameter is not part of the hub; it must not be asked for.
        settings.setMarkResourcesForReindexingUponSearchParameterChange(false);
        settings.setJobFastTrackingEnabled(true);
        settings.setBulkExportFileRetentionPeriodHours(2);
        return settings;
    }

    @Bean
    SubscriptionSettings subscriptionSettings() {
        SubscriptionSettings settings = new SubscriptionSettings();
        settings.addSupportedSubscriptionType(SubscriptionChannelType.RESTHOOK);
        settings.addSupportedSubscriptionType(SubscriptionChannelType.WEBSOCKET);
        settings.setSubscriptionIntervalInMs(500);
        return settings;
    }

    @Bean
    PartitionSettings partitionSettings() {
        return new PartitionSettings();
    }

    @Bean
    HapiSchema hapiSchema(DataSource dataSource) {
        return HapiSchema.migrate(dataSource);
    }

    @Primary
    @Bean
    HibernatePropertiesProvider hibernatePropertiesProvider(HapiSchema schema) {
        Dialect dialect = newDialect(schema.dialect());
        return new HibernatePropertiesProvider() {
            @Override
            public Dialect getDialect() {
                return dialect;
            }
        };
    }

    private static Dialect newDialect(String name) {
        try {
            return (Dialect) Class.forName(name).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the Hibernate dialect `" + name + "` is not on the class path", e);
        }
    }

    @Primary
    @Bean
    @DependsOnDatabaseInitialization
    LocalContainerEntityManagerFactoryBean entityManagerFactory(
            ConfigurableListableBeanFactory beanFactory,
            FhirContext fhirContext,
            JpaStorageSettings settings,
            DataSource dataSource,
            JpaProperties jpaProperties,
            HapiSchema schema) {
        LocalContainerEntityManagerFactoryBean factory =
                HapiEntityManagerFactoryUtil.newEntityManagerFactory(beanFactory, fhirContext, settings);
        Map<String, String> properties = new HashMap<>(jpaProperties.getProperties());
        properties.put("hibernate.dialect", schema.dialect());
        factory.setPersistenceUnitName("HAPI_PU");
        factory.setJpaPropertyMap(properties);
        factory.setDataSource(dataSource);
        return factory;
    }

    @Primary
    @Bean
    JpaTransactionManager transactionManager(EntityManagerFactory entityManagerFactory) {
        return new JpaTransactionManager(entityManagerFactory);
    }

    @Bean
    IFulltextSearchSvc fullTextSearchSvc(DataSource dataSource) {
        return new ScopedFulltextSearch(dataSource);
    }

    /** Takes the place of HAPI's builder for {@code _id}, so that searches know nothing outside the subject's scope. */
    @Primary
    @Bean
    @Scope(BeanDefinition.SCOPE_PROTOTYPE)
    ScopedIdPredicateBuilder scopedIdPredicateBuilder(SearchQueryBuilder query) {
        return new ScopedIdPredicateBuilder(query);
    }

    @Bean
    IHSearchSortHelper hSearchSortHelper(ISearchParamRegistry searchParamRegistry) {
        return new HSearchSortHelperImpl(searchParamRegistry);
    }

    @Bean
    IStaleSearchDeletingSvc staleSearchDeletingSvc() {
        return new StaleSearchDeletingSvcImpl();
    }

    @Bean
    IBinaryStorageSvc binaryStorageSvc() {
        return new DatabaseBinaryContentStorageSvcImpl();
    }

    @Bean
    DatabaseBackedPagingProvider pagingProvider() {
        DatabaseBackedPagingProvider paging = new DatabaseBackedPagingProvider();
        paging.setDefaultPageSize(20);
        paging.setMaximumPageSize(500);
        return paging;
    }

    @Bean
    IResourceSupportedSvc resourceSupportedSvc(IDaoRegistry registry) {
        return new DaoRegistryResourceSupportedSvc(registry);
    }

    /** The subscription module demands a mail channel; subscriptions of type email are not supported by this hub. */
    @Bean
    IEmailSender emailSender() {
        return details -> log.warn("a subscription asked for e-mail, which this hub does not send");
    }
}
