//! Golden tables of a tiny run with a fake engine.

use std::collections::BTreeSet;
use std::fs;

use super::*;
use crate::design::Design;
use crate::design::plan::{Plan, Trace};
use crate::run::{Control, Identity, Opened, RunDir, Silent, Task, Wanted, execute};

/// One table of a run of three replications.
fn golden(name: &str) -> String {
    let above = tempfile::tempdir().unwrap();
    let path = above.path().join("run");
    let (model, plan) = (fixture::model(), Plan::single(1, 3, Trace::Moves));
    let identity = Identity::new(&model, "[model]\n", &plan, "00");
    let opened = RunDir::open(Wanted::at(&path), &identity).unwrap();
    let Opened::Ready(dir) = opened else { panic!("not ready") };
    let engine = fixture::Fake::default();
    let task = Task {
        model: &model,
        model_text: "[model]\n",
        pool_text: None,
        inputs: "",
        plan: &plan,
        design: &Design::single(),
        responses: &[],
        engine: &engine,
        replay: "tiny",
        also: &[],
        noise: 0,
    };
    execute(&task, &dir, &Control::default(), &Silent).unwrap();
    fs::read_to_string(path.join(name)).unwrap()
}

fn first_lines(text: &str, n: usize) -> String {
    text.lines().take(n).collect::<Vec<_>>().join("\n")
}

#[test]
fn outcomes_begin_and_go_on_as_the_interface_says() {
    insta::assert_snapshot!(golden("outcomes.csv"), @r#"
    point,replication,seed,status,outcome,end_month,ceasefire_month,agreement_month,end_regime,zopa_width,ripe_months,blocker,cost_ru,cost_ua,cost_us,regret_ru,regret_ua,regret_us,best_refused_ru,best_refused_ua,best_refused_us,term_line,term_force,u_ru,u_ua,u_us,attack_prob_at_signing,attack_prob_60m,g_at_signing,g_hat_at_signing,renewed_war,renewed_war_month,peace_months,end_front,n_agreements,truces_broken,truce_months,pressure,offers,first_offer_forecast,first_offer_accepted,stalls,failed_votes,refusals_ru,refusals_ua,refusals_us,uses_cut_aid,transitions,type_us,front_end
    0,0,1,ok,no_deal,3,,,war,0.11803394556045532,1,RU,0.1,0.2,0,,0.25,,,0.75,,frozen,0,0.23606795072555542,0.8541019558906555,0.47213590145111084,,,,,,,,0.09016990661621094,0,0,0,0,1,0.5,0,0,0,1,0,0,1,0,stays,0.09016990661621094
    0,1,1,ok,renewed_war,3,,1,settled,0.27708762884140015,1,,0.1,0.2,0,,0.25,,,0.75,,ceded,1.5,0.39512157440185547,0.013155579566955566,0.6311895847320557,0.25,0.125,0.5,0.75,1,7,7,0.24922358989715576,1,0,0,0,1,0.5,1,0,0,0,0,0,1,0,walks,0.24922358989715576
    0,2,1,ok,peace,3,,2,settled,0.4361412525177002,1,,0.1,0.2,0,,0.25,,,0.75,,frozen,1.5,0.5541752576828003,0.1722092628479004,0.7902432084083557,0.25,0.125,0.5,0.75,0,,24,0.4082772135734558,1,0,0,0,1,0.5,1,0,0,0,0,0,1,0,stays,0.4082772135734558
    "#);
}

#[test]
fn draws_have_a_column_for_each_uncertain_parameter() {
    insta::assert_snapshot!(golden("draws.csv"), @r#"
    point,replication,p_sham,actors_ru_patience,ua_cost
    0,0,0.708203911781311,0.32623791694641113,0.9442718625068665
    0,1,0.8672575354576111,0.4852915406227112,0.10332554578781128
    0,2,0.026311218738555908,0.6443451642990112,0.26237916946411133
    "#);
}

#[test]
fn agreements_have_a_row_for_each_signature() {
    insta::assert_snapshot!(golden("agreements.csv"), @r#"
    point,replication,step,instrument,parties,terms,ended_step,ended_by,signed_by_misjudgement
    0,1,1,settlement,RU;UA,line=ceded;force=1.5,8,attack,1
    0,2,2,settlement,RU;UA,line=frozen;force=1.5,,,0
    "#);
}

#[test]
fn rounds_have_a_row_for_each_step() {
    insta::assert_snapshot!(first_lines(&golden("rounds.csv"), 3), @r#"
    point,replication,step,month,state_front,z_ru,z_ru_terms_in_force,z_ru_war_cost,z_ru_endings,z_ru_terminal,z_ru_optimism,z_ua,z_ua_terms_in_force,z_ua_war_cost,z_ua_endings,z_ua_terminal,z_ua_optimism,z_us,z_us_terms_in_force,z_us_war_cost,z_us_endings,z_us_terminal,z_us_optimism,c_ru,c_ua,c_us,zopa_width,n_agreeable,ratified_low_ru,ratified_high_ru,win_set_low_ru,win_set_high_ru,ratified_low_ua,ratified_high_ua,win_set_low_ua,win_set_high_ua,predicted,agreement_chance,belief_us_stays,belief_us_walks
    0,0,0,0,0,0.3,0.1,0.1,0.1,0,0,0.4,0.1,0.1,0.1,0,0,0.5,0.1,0.1,0.1,0,0,0.35,0.4,0.5,0.05,2,-0.2,0.1,0.01,0.1,-0.2,0.1,0.01,0.1,line=ceded;force=1.5,0.5,0.25,0.75
    0,1,0,0,0.15905362367630005,0.3,0.1,0.1,0.1,0,0,0.4,0.1,0.1,0.1,0,0,0.5,0.1,0.1,0.1,0,0,0.35,0.4,0.5,0.05,2,-0.2,0.1,0.01,0.1,-0.2,0.1,0.01,0.1,line=ceded;force=1.5,0.5,0.25,0.75
    "#);
}

#[test]
fn moves_have_a_row_for_each_move() {
    insta::assert_snapshot!(first_lines(&golden("moves.csv"), 7), @r#"
    point,replication,step,month,kind,actor,detail,yes,value,against,forecast,gain,part_issue_terms,part_later_attack,part_war_cost_saved,part_expected_endings,part_terminal_outlook,part_optimism,part_beliefs_about_others,part_hold_out_premium,part_stalling,part_noise
    0,0,0,0,lever,US,cut_aid,,,,,0.02,,,,,,,,,,
    0,0,0,0,offer,US,line=ceded;force=1.5,,,,0.5,0.1,,,,,,,,,,
    0,0,0,0,answer,RU,,0,0.5,0.4,,,0.01,0.01,0.01,0.01,0.01,0.01,0.01,0.01,0.01,0.01
    0,0,0,0,consent,EU,EU.relief,0,0.1,,,,,,,,,,,,,
    0,0,0,0,vote,UA,rada,1,,,0.9,,,,,,,,,,,
    0,1,0,0,lever,US,cut_aid,,,,,0.02,,,,,,,,,,
    "#);
}

#[test]
fn steps_have_quantiles_and_counts() {
    insta::assert_snapshot!(first_lines(&golden("steps.csv"), 26), @r#"
    point,step,quantity,statistic,value
    0,0,talking,n,3
    0,0,state_front,p05,0.00025000000000000006
    0,0,state_front,p25,0.00125
    0,0,state_front,p50,0.15916666666666668
    0,0,state_front,p75,0.31708333333333333
    0,0,state_front,p95,0.31808333333333333
    0,0,z_ru,p05,0.29050000000000004
    0,0,z_ru,p25,0.2925000000000001
    0,0,z_ru,p50,0.29500000000000015
    0,0,z_ru,p75,0.2975000000000002
    0,0,z_ru,p95,0.29950000000000027
    0,0,z_ua,p05,0.4004999999999999
    0,0,z_ua,p25,0.40249999999999997
    0,0,z_ua,p50,0.405
    0,0,z_ua,p75,0.4075000000000001
    0,0,z_ua,p95,0.40950000000000014
    0,0,zopa_width,p05,0.05049999999999984
    0,0,zopa_width,p25,0.05249999999999988
    0,0,zopa_width,p50,0.05499999999999994
    0,0,zopa_width,p75,0.057499999999999996
    0,0,zopa_width,p95,0.05950000000000004
    0,0,offers,n,3
    0,0,refusals_ru,answer,1
    0,0,refusals_eu,consent,3
    0,0,uses_cut_aid,n,3
    "#);
}

#[test]
fn the_summary_has_shares_with_intervals() {
    insta::assert_snapshot!(golden("summary.csv"), @r#"
    point,quantity,category,statistic,n,value,low,high
    0,replications,done,n,3,3,,
    0,replications,failed,n,0,0,,
    0,outcome,peace,share,3,0.3333333333333333,0.061491944720396215,0.7923403991979522
    0,outcome,renewed_war,share,3,0.3333333333333333,0.061491944720396215,0.7923403991979522
    0,outcome,no_deal,share,3,0.3333333333333333,0.061491944720396215,0.7923403991979522
    0,agreement,,share,3,0.6666666666666666,0.20765960080204768,0.9385080552796036
    0,agreement_month,,mean,2,1.5,0.520018007729973,2.479981992270027
    0,agreement_month,,standard_error,2,0.5,,
    0,agreement_month,,p05,2,1,,
    0,agreement_month,,p25,2,1,,
    0,agreement_month,,p50,2,1,,
    0,agreement_month,,p75,2,2,,
    0,agreement_month,,p95,2,2,,
    0,term_line,frozen,share,2,0.5,0.09453120573423072,0.9054687942657693
    0,term_line,ceded,share,2,0.5,0.09453120573423072,0.9054687942657693
    0,term_force,1.5,share,2,1,0.3423802275066531,1
    0,u_ru,,mean,3,0.3951215942700704,0.2151387490409653,0.5751044394991754
    0,u_ru,,standard_error,3,0.09182966965147665,,
    0,u_ru,,p05,3,0.2361499999999998,,
    0,u_ru,,p25,3,0.23675000000000002,,
    0,u_ru,,p50,3,0.39549999999999974,,
    0,u_ru,,p75,3,0.5542500000000002,,
    0,u_ru,,p95,3,0.5548500000000002,,
    0,u_ua,,mean,3,0.34648893276850384,-0.15903710524779985,0.8520149707848075
    0,u_ua,,standard_error,3,0.25792618742172235,,
    0,u_ua,,p05,3,0.013149999999999884,,
    0,u_ua,,p25,3,0.013749999999999818,,
    0,u_ua,,p50,3,0.17249999999999988,,
    0,u_ua,,p75,3,0.85425,,
    0,u_ua,,p95,3,0.8548499999999997,,
    0,u_us,,mean,3,0.6311895648638407,0.4512067196347356,0.8111724100929458
    0,u_us,,standard_error,3,0.09182966965147667,,
    0,u_us,,p05,3,0.47214999999999996,,
    0,u_us,,p25,3,0.4727499999999999,,
    0,u_us,,p50,3,0.6314999999999997,,
    0,u_us,,p75,3,0.7902500000000001,,
    0,u_us,,p95,3,0.7908500000000003,,
    0,attack_prob_at_signing,,mean,2,0.25,0.25,0.25
    0,attack_prob_at_signing,,standard_error,2,0,,
    0,renewed_war,,share,2,0.5,0.09453120573423072,0.9054687942657693
    0,peace,12,survival,2,0.5,0.005983087639145736,0.9104100848367374
    0,peace,36,survival,2,,,
    0,peace,60,survival,2,,,
    0,attack_held,12,incidence,2,0.5,0.005983087639145736,0.9104100848367374
    0,attack_held,36,incidence,2,,,
    0,attack_held,60,incidence,2,,,
    0,attack_lost,12,incidence,2,0,0,0.6576197724933469
    0,attack_lost,36,incidence,2,,,
    0,attack_lost,60,incidence,2,,,
    0,other_ending,12,incidence,2,0,0,0.6576197724933469
    0,other_ending,36,incidence,2,,,
    0,other_ending,60,incidence,2,,,
    0,signed_by_misjudgement,,share,2,0.5,0.09453120573423072,0.9054687942657693
    0,first_offer_forecast,,mean,3,0.5,0.5,0.5
    0,first_offer_forecast,,standard_error,3,0,,
    0,first_offer_accepted,,share,3,0.6666666666666666,0.20765960080204768,0.9385080552796036
    0,first_offer_accepted,,standard_error,3,0.33333333333333337,,
    0,offers,,n,3,6,,
    0,refusals_ru,answer,n,3,1,,
    0,refusals_eu,consent,n,3,3,,
    0,uses_cut_aid,,n,3,6,,
    0,uses_cut_aid,at_least_once,share,3,1,0.4385029682449545,1
    "#);
}

#[test]
fn the_codebook_explains_every_column() {
    insta::assert_snapshot!(first_lines(&golden("codebook.csv"), 24), @r#"
    table,column,type,unit,range,meaning
    outcomes,point,integer,,0..,point of the design
    outcomes,replication,integer,,0..,"replication, counted from 0"
    outcomes,seed,integer,,0..,"seed of the draws: of the run, or of the point where points draw alone"
    outcomes,status,text,,ok|failed,failed: see failures.csv
    outcomes,outcome,text,,peace|renewed_war|no_deal,first declared outcome whose condition holds
    outcomes,end_month,number,months,0..,month in which the replication ended
    outcomes,ceasefire_month,number,months,0..,month of the first signature leading to a truce
    outcomes,agreement_month,number,months,0..,month of the signature of the settlement
    outcomes,end_regime,text,,war|truce|settled,regime at the end
    outcomes,zopa_width,number,u-points per step,,"widest zone of agreement over the talks: largest least gain, signed"
    outcomes,ripe_months,number,months,0..,months in which disagreement hurt all and a zone of agreement existed
    outcomes,blocker,text,,RU|UA|US,most frequent single blocker: whose yes alone was missing
    outcomes,cost_ru,number,u-points per step,,"costs paid, discounted: of war, levers, broken words, offers before an audience and troops sent, by RU"
    outcomes,cost_ua,number,u-points per step,,"costs paid, discounted: of war, levers, broken words, offers before an audience and troops sent, by UA"
    outcomes,cost_us,number,u-points per step,,"costs paid, discounted: of war, levers, broken words, offers before an audience and troops sent, by US"
    outcomes,regret_ru,number,u-points per step,,"best value refused minus value realised, of RU"
    outcomes,regret_ua,number,u-points per step,,"best value refused minus value realised, of UA"
    outcomes,regret_us,number,u-points per step,,"best value refused minus value realised, of US"
    outcomes,best_refused_ru,number,u-points per step,,"best value refused, of RU"
    outcomes,best_refused_ua,number,u-points per step,,"best value refused, of UA"
    outcomes,best_refused_us,number,u-points per step,,"best value refused, of US"
    outcomes,term_line,text,,frozen|ceded,option of line in force at the end
    outcomes,term_force,number,,0..1.5,option of force in force at the end
    "#);
}

#[test]
fn the_manifest_says_which_run_it_is_and_what_it_has() {
    let manifest: serde_json::Value = serde_json::from_str(&golden("run.json")).unwrap();
    let keys: Vec<&String> = manifest["files"].as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 10);
    assert_eq!(manifest["files"]["outcomes.csv"]["rows"], 3);
    assert_eq!(manifest["run"]["columns"]["design.csv"][0], "point");
    let head = golden("run.json").replace(env!("CARGO_PKG_VERSION"), "VERSION");
    insta::assert_snapshot!(first_lines(&head, 11), @r#"
    {
      "run": {
        "schema": 2,
        "detente": "VERSION",
        "fingerprint": "00",
        "model": "tiny",
        "model_hash": "27d3ac47e1fff7fc32753c0b73499e6e1d76de49789035afa2c7033019ac8a8d",
        "design_hash": "18c5092abb00888425a964cd513170022521d33c0b296c4698b0ad549621933a",
        "seed": 1,
        "points": 1,
        "replications": 3,
    "#);
}

#[test]
fn every_column_of_every_table_is_short_unique_and_explained() {
    let tables = Tables::new(&fixture::model(), Trace::Moves, &[]);
    for (table, columns) in tables.list() {
        let names: BTreeSet<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names.len(), columns.len(), "{table}");
        for column in columns {
            let plain = column.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            assert!(plain && column.name.len() <= LONGEST, "{table}: {}", column.name);
            assert!(!column.meaning.is_empty(), "{table}: {}", column.name);
        }
    }
}

#[test]
fn actors_whose_ids_become_the_same_name_keep_their_own_columns() {
    let mut model = fixture::model();
    model.actors[0].id = "A-B".to_owned();
    model.actors[1].id = "A_B".to_owned();
    let names: Vec<_> = Outcomes::new(&model, &[]).columns.into_iter().map(|c| c.name).collect();
    assert_eq!(names.iter().filter(|n| n.starts_with("u_a_b")).count(), 2);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}
