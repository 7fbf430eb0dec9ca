//! The official images of Docker Hub, which are the only ones there whose name has no namespace.

use crate::model::ImageRef;

/// Their names, also of those that are no longer kept up. Sorted.
/// Source: <https://github.com/docker-library/official-images/tree/master/library>, as of 2026-11.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "adminer", "aerospike", "almalinux", "alpine", "alt", "amazoncorretto", "amazonlinux", "api-firewall",
    "arangodb", "archlinux", "backdrop", "bash", "bonita", "buildpack-deps", "busybox", "caddy", "cassandra",
    "centos", "chronograf", "cirros", "clearlinux", "clefos", "clickhouse", "clojure", "composer", "consul",
    "convertigo", "couchbase", "couchdb", "crate", "dart", "debian", "docker", "drupal", "eclipse-mosquitto",
    "eclipse-temurin", "eggdrop", "elasticsearch", "elixir", "emqx", "erlang", "fedora", "flink", "fluentd",
    "friendica", "gazebo", "gcc", "geonetwork", "ghost", "golang", "gradle", "groovy", "haproxy", "haskell",
    "haxe", "hello-world", "hitch", "hologram", "httpd", "hylang", "ibm-semeru-runtimes", "ibmjava", "influxdb",
    "irssi", "java", "jetty", "joomla", "jruby", "julia", "kapacitor", "kibana", "kong", "krakend",
    "lightstreamer", "liquibase", "logstash", "mageia", "mariadb", "matomo", "maven", "mediawiki", "memcached",
    "mongo", "mongo-express", "mono", "mysql", "nats", "nats-streaming", "neo4j", "neurodebian", "nextcloud",
    "nginx", "node", "notary", "nuxeo", "odoo", "open-liberty", "openjdk", "opensuse", "oraclelinux",
    "orientdb", "percona", "perl", "photon", "php", "php-zendserver", "phpmyadmin", "piwik", "plone",
    "postfixadmin", "postgres", "pypy", "python", "r-base", "rabbitmq", "rakudo-star", "rapidoid", "rdist",
    "redis", "redmine", "registry", "rethinkdb", "rocket.chat", "rockylinux", "ros", "ruby", "rust",
    "sapmachine", "satosa", "scratch", "silverpeas", "solr", "sonarqube", "sourcemage", "spark", "spiped",
    "sqitch", "storm", "swift", "swipl", "teamspeak", "telegraf", "thrift", "tomcat", "tomee", "traefik",
    "ubuntu", "unit", "varnish", "vault", "websphere-liberty", "wordpress", "xwiki", "yourls", "znc",
    "zookeeper",
];

impl ImageRef {
    /// Whether no registry has an image of that name: one without a namespace that is not official is made on this machine,
    /// or is the name of a build context.
    pub fn is_local(&self) -> bool {
        self.registry.is_none()
            && !self.repository.contains('/')
            && NAMES.binary_search(&self.repository.as_str()).is_err()
    }
}

#[cfg(test)]
mod tests {
    use super::{ImageRef, NAMES};

    #[test]
    fn the_table_is_sorted() {
        assert!(NAMES.is_sorted());
    }

    #[test]
    fn names_without_a_namespace_are_official_or_local() {
        let is_local = |text| ImageRef::parse(text).is_local();
        assert!(is_local("argocd-base") && is_local("app:1") && is_local("templates"));
        assert!(!is_local("nginx") && !is_local("team/app") && !is_local("reg.io/app"));
    }
}
