use detente::engine::*;
use detente::spec::{self, tree::Sources};
fn main(){
 let a: Vec<String> = std::env::args().collect();
 let text = std::fs::read_to_string(&a[1]).unwrap();
 let mut s = Sources::default(); s.push(a[1].clone(), text);
 let sets: Vec<String> = a[3..].to_vec();
 let r = spec::read(&s, &sets);
 let mut p = r.problems.clone();
 let m = r.spec.and_then(|s| detente::model::compile::compile(s, &mut p));
 for x in &p.list { if x.severity==detente::spec::problem::Severity::Error {println!("{}", spec::render::one_line(&r.sources, x));} }
 let Some(m)=m else {return};
 println!("candidates {} all {} security {} profiles.. scalars {} slots {}", m.packages.n_candidates, m.packages.keys.len(), m.security.representative.len(), m.scalars.len(), m.layout.len);
 let mut w = Workspace::new(&m);
 let n: u64 = a[2].parse().unwrap();
 let t=std::time::Instant::now();
 let mut counts=vec![0;m.outcomes.len()]; let mut signed=0; let mut months=0.0; let mut pk=std::collections::BTreeMap::new(); let mut uses=vec![0;m.levers.len()]; let mut extra=vec![0.0;m.outcome_columns.len()];let mut ref_=vec![0;m.actors.len()]; let mut ap=0.0; let mut att=0; let mut off=0; let mut st=0; let mut fv=0; let mut zop=0.0; let mut types=std::collections::BTreeMap::new();
 for k in 0..n { let r=play(&m, Coordinates{seed:2025,replication:k}, &mut w, &mut observer::Nobody); counts[r.outcome.index()]+=1; off+=r.offers; st+=r.stalls; fv+=r.failed_votes; zop+=r.zopa_width; *types.entry(format!("{:?}",r.types)).or_insert(0)+=1;
  if let Some(s)=&r.settlement {signed+=1; months+=r.agreement_month.unwrap(); *pk.entry(s.terms.clone()).or_insert(0)+=1; ap+=s.attack_prob; att+=s.attacked as u32;}
  for (u,x) in uses.iter_mut().zip(&r.lever_uses){*u+=x;} for (u,x) in extra.iter_mut().zip(&r.extra){*u+=x;} for (u,x) in ref_.iter_mut().zip(&r.refusals){*u+=x;}
  if k<2 {println!("{r:?}");}
 }
 println!("ms/rep {}", t.elapsed().as_secs_f64()*1e3/n as f64);
 for (o,c) in m.outcomes.iter().zip(&counts){println!("{} {}",o.id,*c as f64/n as f64);}
 println!("signed {} mean month {} attackprob {} attacked {} offers {} stalls {} failed votes {} zopa {}", signed, months/signed.max(1) as f64, ap/signed.max(1) as f64, att as f64/signed.max(1) as f64, off as f64/n as f64, st as f64/n as f64, fv as f64/n as f64, zop/n as f64);
 for (o,c) in m.outcome_columns.iter().zip(&extra){println!("col {} {}",o.id,*c/n as f64);}
 for (o,c) in m.levers.iter().zip(&uses){println!("lever {} {}",o.id,*c as f64/n as f64);}
 for (o,c) in m.actors.iter().zip(&ref_){println!("refusals {} {}",o.id,*c as f64/n as f64);}
 println!("{types:?}");
 let mut v: Vec<_>=pk.into_iter().collect(); v.sort_by_key(|x| std::cmp::Reverse(x.1)); println!("{} packages", v.len());
 for (t,c) in v.iter().take(12){ let s: Vec<String>=t.iter().zip(&m.issues).map(|(o,i)| format!("{}={}",i.id,i.options[*o as usize].id)).collect(); println!("{c} {}", s.join(" "));}
}
