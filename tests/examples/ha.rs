//! `examples/ha`: two servers behind nginx on one Postgres.

use crate::support::{port::Port, postgres, readme::Readme, tools::present};

#[test]
fn the_readme_holds() {
    if !present(&["nginx", "curl"]) {
        return;
    }
    let Some(cluster) = postgres::shared("examples::ha") else { return };
    let (port, one, two) = (Port::reserve(), Port::reserve(), Port::reserve());
    let database = cluster.fresh();
    let mut readme = Readme::of("examples/ha")
        .set("PORT", port.number)
        .set("ONE", one.number)
        .set("TWO", two.number)
        .set("DATABASE", database.url());
    let said = readme.follow();
    assert!(said.contains("{\"status\":\"pass\"}"), "{said}");
    let counts = cluster.sql(&database, "SELECT count(*) FROM certificates");
    let revoked = cluster.sql(&database, "SELECT count(*) FROM revocations");
    assert_eq!((counts.as_str(), revoked.as_str()), ("2", "1"), "{said}");
}
