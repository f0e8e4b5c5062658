//! Serves the built-in simulator until Ctrl-C, so that curl or another tool can be pointed at it.

use super::{input, output};
use crate::cli::SimulateArgs;
use crate::error::Error;
use crate::exit;
use crate::simulator::{Persona, Setup, Switches, TenantSpec, start};

pub(super) async fn run(args: &SimulateArgs) -> Result<u8, Error> {
    let persona = input::persona(&args.persona)?;
    let about = format!("{} ({})", persona.name, persona.title);
    let tenant = TenantSpec { people: args.people, ..TenantSpec::default() };
    let switches = args.switches.as_deref().map_or_else(|| Ok(Switches::default()), input::switches)?;
    let setup = Setup { port: args.port, tenant, switches, seed: args.seed, ..Setup::new(persona) };
    let running = start(setup).await.map_err(Error::Simulator)?;
    let url = running.base_url();
    let (id, token) = (running.service_user(), running.token());
    let mut others = String::new();
    for (name, title) in Persona::names() {
        output::hang(&mut others, 2, &format!("{name:<26} "), &title);
    }
    output::print(&format!(
        "SIMULATED HiBob, until Ctrl-C. These credentials open nothing but this simulator.\n\n\
         persona   {about}\n\
         base URL  {url}\n\n\
         export HIBOB_BASE_URL={url}\n\
         export HIBOB_SERVICE_USER_ID={id}\n\
         export HIBOB_SERVICE_USER_TOKEN={token}\n\n\
         curl -u {id}:{token} \\\n  {url}/company/people/fields\n\
         audit --policy frontegg.yaml\n\n\
         every persona (audit simulate NAME):\n{others}"
    ))?;
    // Where signals cannot be awaited, the simulator serves until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    Ok(exit::SATISFIED)
}
