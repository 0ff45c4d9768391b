package org.trefoilhub.interceptors.fhir.narrow;

import ca.uhn.fhir.jpa.dao.FulltextSearchSvcImpl;
import ca.uhn.fhir.jpa.model.dao.JpaPid;
import ca.uhn.fhir.jpa.search.builder.ISearchQueryExecutor;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.api.server.storage.IResourcePersistentId;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.hl7.fhir.instance.model.api.IAnyResource;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** HAPI's full-text search, which counts only what the scope of the search permits and finds words in Chinese script. */
@SuppressWarnings({"unchecked", "rawtypes"}) // the library overrides generic methods by raw ones
public class ScopedFulltextSearch extends FulltextSearchSvcImpl {

    private static final int CHUNK = 500;

    private final JdbcTemplate jdbc;

    /**
     * A search over the text index and the tables of facts.
     *
     * @param dataSource database of the facts
     */
    public ScopedFulltextSearch(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    @Override
    public ISearchQueryExecutor searchNotScrolled(
            String resourceName, SearchParameterMap search, @Nullable Integer most, @Nullable RequestDetails request) {
        HanTerms.quote(search);
        return super.searchNotScrolled(resourceName, search, most, request);
    }

    @Override
    public ISearchQueryExecutor searchScrolled(
            String resourceType, SearchParameterMap search, @Nullable RequestDetails request) {
        HanTerms.quote(search);
        return super.searchScrolled(resourceType, search, request);
    }

    @Override
    public List<IResourcePersistentId> everything(
            @Nullable String resourceName,
            SearchParameterMap search,
            @Nullable IResourcePersistentId about,
            @Nullable RequestDetails request) {
        HanTerms.quote(search);
        return super.everything(resourceName, search, about, request);
    }

    @Override
    public List<IResourcePersistentId> search(
            String resourceName, SearchParameterMap search, @Nullable RequestDetails request) {
        HanTerms.quote(search);
        return super.search(resourceName, search, request);
    }

    @Override
    public List<IBaseResource> searchForResources(
            String resourceType, SearchParameterMap search, @Nullable RequestDetails request) {
        HanTerms.quote(search);
        return super.searchForResources(resourceType, search, request);
    }

    @Override
    public long count(String resourceName, SearchParameterMap search) {
        HanTerms.quote(search);
        List<ScopeParam> scopes = ScopeParam.in(search.get(IAnyResource.SP_RES_ID));
        if (scopes.isEmpty()) {
            return super.count(resourceName, search);
        }
        long count = 0;
        List<Object> chunk = new ArrayList<>();
        ISearchQueryExecutor found = searchScrolled(resourceName, search, null);
        while (found.hasNext()) {
            JpaPid pid = found.next();
            chunk.add(pid.getId());
            if (chunk.size() == CHUNK || !found.hasNext()) {
                count += count(chunk, scopes);
                chunk.clear();
            }
        }
        return count;
    }

    private long count(List<Object> pids, List<ScopeParam> scopes) {
        StringBuilder sql = new StringBuilder("select count(*) from hfj_resource r where r.res_deleted_at is null")
                .append(" and r.res_id in (")
                .append("?, ".repeat(pids.size() - 1))
                .append("?)");
        List<Object> parameters = new ArrayList<>(pids);
        for (ScopeParam scope : scopes) {
            sql.append(" and ").append(scope.sql("r.res_id"));
            parameters.addAll(scope.parameters());
        }
        Long count = jdbc.queryForObject(sql.toString(), Long.class, parameters.toArray());
        return count == null ? 0 : count;
    }
}
